/** Where nodes live when each is a container. */
import type { ProgramPlace } from '../../../machine/programs/program.ts';
import type { Service } from '../../../services/definition.ts';
import type { Site } from '../../plan.ts';
import { APP_MAIN, storeModuleIn } from '../images/app.ts';

/** Every container has an address of its own, so that all may listen on the same numbers. */
const FIRST_PORT = 8001;
/** All addresses of the container, and there is only its private network. */
const LISTEN = '0.0.0.0';

/** Engines let containers open far more. */
const OPEN_FILES = 65_536;

/** A node's folders, as the processes in its container see them. */
export const inside = {
  config: '/etc/session-bench',
  data: '/var/lib/session-bench',
  run: '/run/session-bench',
} as const;

type Programs = Readonly<Record<string, ProgramPlace>>;

export function dockerSite(strategy: string, programs: (service: Service) => Programs): Site {
  return {
    appFiles: { main: APP_MAIN, storeModule: storeModuleIn(strategy), compileCache: null },
    openFiles: OPEN_FILES,
    programs,
    async place(node, names) {
      const ports = Object.fromEntries(names.map((name, index) => [name, FIRST_PORT + index]));
      return { listen: LISTEN, host: node, ports, folders: inside };
    },
  };
}
