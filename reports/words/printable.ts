/** Makes text from outside fit to print: no control characters, no half characters. Escaping is each format's own. */

// Deliberate: control characters are what is removed here.
// biome-ignore lint/suspicious/noControlCharactersInRegex: removes escape sequences and other controls from logs
const terminalSequence = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|.)/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that XML 1.0 forbids
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

export const printable = (text: string): string =>
  text.replace(terminalSequence, '').replace(control, '').toWellFormed();
