// Answers what the fields of "Choose" ask, as they change. The address keeps them, so that an answer can be shared.
import { serversIn } from '../../../advice/asked.ts';
import {
  addressOf,
  choiceFields,
  completed,
  fieldsIn,
  fieldsOf,
  isSame,
  rounded,
  slidNumber,
  slidText,
  textFields,
  wishesIn,
} from '../../../advice/inputs.ts';
import { answerHtml } from './answer.ts';

const island = document.getElementById('choose-asked');
const form = document.querySelector('form.choose');

function start(asked) {
  const fields = () => {
    const data = new FormData(form);
    return Object.fromEntries([
      ...textFields.map((name) => [name, String(data.get(name) ?? '')]),
      ...choiceFields.map((name) => [name, data.getAll(name).join(',')]),
    ]);
  };

  const slide = (name) => form.querySelector(`[data-slides="${name}"]`);

  const tick = (values) => {
    for (const name of choiceFields) {
      const chosen = values[name].split(',');
      for (const box of form.querySelectorAll(`[name="${name}"]`)) box.checked = chosen.includes(box.value);
    }
  };

  const fill = (values) => {
    for (const name of textFields) form.elements[name].value = values[name];
    tick(values);
    form.elements.like.value = asked.presets.find(({ wishes }) => isSame(fieldsOf(wishes), values))?.name ?? '';
    for (const name of ['sessions', 'rate']) follow(name);
  };

  /** The slider goes where the number is. */
  const follow = (name) => {
    const value = slidNumber(name, form.elements[name].value);
    if (value !== null) slide(name).value = String(Math.log10(value));
    tell(name);
  };

  /** What a screen reader says of a slider is the number, and not its logarithm. */
  const tell = (name) => {
    const said = slidText(name, form.elements[name].value, Number(slide(name).value));
    slide(name).setAttribute('aria-valuetext', said);
  };

  const show = () => {
    const read = wishesIn(fields());
    const [sentence, rest] = [document.getElementById('choose-sentence'), document.getElementById('choose-rest')];
    if (read.status === 'mistakes') {
      sentence.textContent = read.mistakes.join(' ');
      rest.replaceChildren();
      return;
    }
    const answer = answerHtml(asked, read.wishes, new Date().toISOString().slice(0, 10));
    sentence.textContent = answer.sentence;
    // Of this page's own making: every text in it was escaped.
    rest.innerHTML = answer.rest;
  };

  const remember = () => history.replaceState(null, '', addressOf(fields()));

  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', ({ target }) => {
    if (target.name === 'like') {
      const preset = asked.presets.find(({ name }) => name === target.value);
      if (preset) fill(fieldsOf(preset.wishes));
    } else form.elements.like.value = '';
    const name = target.dataset.slides;
    if (name) {
      form.elements[name].value = String(rounded(10 ** Number(target.value)));
      tell(name);
    } else if (target.name === 'sessions' || target.name === 'rate') follow(target.name);
    tick(completed(fields()));
    show();
    remember();
  });

  // The smallest: what any run reaches.
  const first = asked.presets.at(-1);
  const usual = fieldsOf(first.wishes);
  const servers = serversIn(asked).map(({ name }) => name);
  const restore = () => {
    const said = fieldsIn(location.hash, usual, servers);
    if (said) fill(completed(said));
    return said !== null;
  };
  addEventListener('hashchange', () => restore() && show());
  if (restore()) document.getElementById('choose').scrollIntoView();
  else fill(usual);
  for (const each of document.querySelectorAll('.choose.scripted')) each.classList.add('alive');
  show();
}

if (island && form) start(JSON.parse(island.textContent));
