/** Three independent counts of the same requests agree, and each store sends what it says it sends. */
import { test } from 'node:test';
import { assertCountsAgree } from '../counts.ts';

test('three counts agree in every trial, and each store sends what it says', async (context) => {
  await assertCountsAgree(context, 'native');
});
