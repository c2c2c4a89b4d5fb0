/** The fields of the section "Choose". Shown where scripts run; the table below stands without them. */
import { events, eventWords, losses, lossWords } from '../../../../advice/wishes/losses.ts';
import { usualWishes } from '../../../../advice/wishes/usual.ts';
import { type Asked, serversIn } from '../../../advice/asked.ts';
import { slides } from '../../../advice/inputs.ts';
import { html, jsonIsland, type Markup } from '../markup.ts';

export const chooseHtml = (
  asked: Asked,
): Markup => html`<form class="choose scripted" aria-label="What you need">
<p><label>Like <select name="like">${[option('', 'your own numbers'), ...asked.presets.map(({ name, title }) => option(name, title))]}</select></label></p>
${slid('sessions')}
${slid('rate')}
<p>${typed('payload', 'Bytes in a session', 'as measured')} ${typed('p99', 'p99 of all operations below, ms', 'any')} ${typed('budget', `Budget a month, ${asked.book.currency}`, 'any')}</p>
<p><label>Failures may lose <select name="loses">${losses.toReversed().map((loss) => option(loss, lossWords[loss]))}</select></label>
<label>Servers of the store are <select name="hosting">${[option('', 'own or managed'), option('own', 'own'), option('managed', 'managed')]}</select></label>
<label>Already there, with room: <select name="has">${[option('', 'none'), ...serversIn(asked).map(({ name, title }) => option(name, title))]}</select></label></p>
<fieldset><legend>No more than that through</legend>${events.map((event) => html`<label><input type="checkbox" name="survives" value="${event}"> ${eventWords[event]}</label> `)}</fieldset>
<p><label><input type="checkbox" name="ends" value="once"> A session that is ended is refused everywhere at once</label>
<label><input type="checkbox" name="ends" value="all"> All sessions of a user can be ended at once</label></p>
<p>${typed('utilisation', 'How busy servers may be, 0.05 to 0.95', String(usualWishes.utilisation))}</p>
</form>
<div class="choose scripted"><p class="answer" role="status" id="choose-sentence"></p><div id="choose-rest"></div></div>
<script type="application/json" id="choose-asked">${jsonIsland(asked)}</script>
`;

const option = (value: string, text: string): Markup => html`<option value="${value}">${text}</option>`;

const typed = (name: string, label: string, empty: string): Markup =>
  html`<label>${label} <input type="text" inputmode="decimal" size="8" name="${name}" placeholder="${empty}"></label>`;

/** A number that can be typed or slid, by powers of ten. */
function slid(name: keyof typeof slides): Markup {
  const { label, from, to } = slides[name];
  return html`<p><label>${label} <input type="text" inputmode="decimal" size="12" name="${name}"></label>
<input type="range" min="${from}" max="${to}" step="0.05" data-slides="${name}" aria-label="${label}, slid"></p>`;
}
