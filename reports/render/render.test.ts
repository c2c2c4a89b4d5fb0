import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bad,
  details,
  emphasis,
  emptySuite,
  findings,
  heading,
  items,
  list,
  numbers,
  only,
  paragraph,
  section,
  strong,
  table,
  terms,
  words,
} from '../document/build.ts';
import type { Case, Document } from '../document/document.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { terminal } from './terminal.ts';

const hostile = 'a|b <img src=x> & "c" ]]> \u001b[31m\u0000 *d*';

const cases: readonly Case[] = [
  { group: 'redis', name: 'answers', seconds: 3, outcome: { kind: 'passed' }, notes: ['fine'] },
  {
    group: 'redis',
    name: hostile,
    seconds: 0,
    outcome: { kind: 'failure', type: 'regression', message: hostile, detail: 'more' },
    notes: [],
  },
  { group: 'mysql', name: 'answers', seconds: 0, outcome: { kind: 'skipped', message: 'open' }, notes: [] },
];

const document: Document = {
  title: 'session-bench',
  subject: 'run 1',
  answer: { text: `Redis carried 900/s, ${hostile}.`, tone: 'bad' },
  details: ['All six kept every session.'],
  setting: ['steady at ', strong('900/s')],
  sections: [
    section(
      'findings',
      'Read this first',
      'everywhere',
      findings([{ severity: 'alarm', code: 'violations', message: hostile, remedy: 'Look at the logs.' }]),
    ),
    section(
      'numbers',
      'Numbers',
      'everywhere',
      table(
        'All strategies',
        [
          words('Strategy'),
          numbers('CPU per request', { short: 'CPU µs', unit: 'µs' }),
          numbers('p99', { reach: 'documents' }),
          words('Verdict'),
        ],
        [
          ['Redis', strong('312'), '7.61', items(['x', 'y'])],
          [hostile, bad('4,000'), '—', ''],
        ],
      ),
      only('page', paragraph('only on the page')),
      details('More', paragraph('within')),
    ),
    section(
      'setting',
      'Setting',
      'documents',
      heading('versions', 'Versions'),
      list(['one', 'two']),
      terms([['Seed', '7']]),
    ),
  ],
  suite: { ...emptySuite, name: 'suite', startedAt: '2026-11-20', properties: [['run', '1']], cases },
};

test('the terminal has the answer, what to know and the first numbers, and nothing of the rest', () => {
  const text = terminal(document, { columns: 120 });
  assert.match(
    text,
    /^Redis carried 900\/s, .*\n\n· All six kept every session\.\n\nsteady at 900\/s\n\nRead this first\n✖ a\|b/,
  );
  assert.match(text, /Strategy +CPU µs +Verdict\n─+\nRedis +312 +x; y\n/);
  assert.match(text, /within/);
  assert.doesNotMatch(text, /only on the page|p99|Seed/);
});

test('a terminal that is too narrow for a table gets paragraphs, named by the columns of words', () => {
  const text = terminal(document, { columns: 24 });
  assert.match(text, /Redis\n {2}CPU µs {3}312\n {2}Verdict {2}x; y\n/);
  const wide = terminal(document, { columns: 60 }).split('\n');
  const rows = wide.slice(wide.findIndex((line) => line.startsWith('Strategy'))).slice(0, 4);
  assert.ok(
    rows.every((line) => line.length <= 60),
    rows.join('\n'),
  );
});

test('Markdown: every part that reaches it, escaped', () => {
  const text = markdown(document);
  assert.match(text, /^# session-bench\n\n🛑 \*\*Redis carried 900\/s, a\\\|b &lt;img src=x&gt; &amp; "c"/);
  assert.match(text, /\n- All six kept every session\.\n\nsteady at \*\*900\/s\*\*\n/);
  assert.match(text, /## Read this first\n\n- 🛑 \*\*Wrong answers\*\*: a\\\|b/);
  assert.match(
    text,
    /\| Strategy \| CPU per request µs \| p99 \| Verdict \|\n\| :-- \| --: \| --: \| :-- \|\n\| Redis/,
  );
  assert.match(text, /<details><summary>More<\/summary>\n\nwithin\n\n<\/details>/);
  assert.match(text, /### Versions\n\n- one\n- two\n\n- \*\*Seed\*\*: 7\n/);
  assert.doesNotMatch(text, /only on the page/);
});

test('JUnit: a case for all that was judged, with totals', () => {
  const xml = junit(document);
  assert.match(
    xml,
    /^<\?xml .*\n<testsuites name="session-bench" tests="3" failures="1" errors="0" skipped="1">\n/,
  );
  assert.match(xml, /<property name="run" value="1"\/>\n {6}<property name="answer" value="Redis carried/);
  assert.match(
    xml,
    /<testcase classname="redis" name="answers" time="3">\n {6}<system-out>fine<\/system-out>/,
  );
  assert.match(
    xml,
    /<failure message="a\|b &lt;img src=x&gt; &amp; &quot;c&quot; \]\]&gt; {2}\*d\*" type="regression">more</,
  );
  assert.match(xml, /<skipped message="open"\/>/);
});

test('no output has markup or control characters of what it tells', () => {
  for (const text of [terminal(document, { columns: 80 }), markdown(document), junit(document)])
    assert.ok(!text.includes('\u0000') && !text.includes('\u001b'));
  for (const text of [markdown(document), junit(document)]) assert.doesNotMatch(text, /<img|]]>/);
});

test('in Markdown nothing is marked where there is nothing: its marks would be text', () => {
  const told = paragraph(['lost all', emphasis(''), strong(['']), ', 2 more']);
  const text = markdown({ ...document, sections: [section('one', 'One', 'everywhere', told)] });
  assert.match(text, /^lost all, 2 more$/m);
});
