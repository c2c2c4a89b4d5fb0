/** All that needs a Docker engine, one after the other: each run removes what killed ones left, other tests' too. */
import './addresses.ts';
import './compare.ts';
import './counts.ts';
import './engine-lacks.ts';
import './lifecycle.ts';
import './limits.ts';
import './mixed.ts';
