/** Reads `verification.json` of a folder, of this version or an earlier one. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../user-error.ts';
import { VERIFICATION_VERSION, type VerificationRecord, verificationRecord } from '../verification.ts';
import { mistakes, readJson, versionProblem } from './json.ts';

const fileIn = (folder: string): string => path.join(folder, 'verification.json');

/** Whether a folder is that of a verification, readable or not. */
export const holdsVerification = (folder: string): Promise<boolean> =>
  stat(fileIn(folder)).then(
    () => true,
    () => false,
  );

/** @throws UserError when the folder holds no verification that can be read */
export async function readVerification(folder: string): Promise<VerificationRecord> {
  const file = fileIn(folder);
  const again = 'Restore the file, or verify again with "npm run verify".';
  const content = await readJson(file);
  if (content.status === 'missing')
    throw new UserError('invalid', `${file} does not exist, so this folder holds no verification. ${again}`);
  if (content.status === 'broken') throw new UserError('invalid', `${file}: ${content.why}. ${again}`);
  const version = versionProblem(content.value, [VERIFICATION_VERSION]);
  if (version) throw new UserError('invalid', `${file}: ${version}. Read it with the version that made it.`);
  const parsed = verificationRecord.safeParse(content.value);
  if (!parsed.success) throw new UserError('invalid', `${file}: ${mistakes(parsed.error)}. ${again}`);
  return parsed.data;
}
