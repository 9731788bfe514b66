// The console's pages, looked at. See harness/console-looks.js.

import { consoleLooks } from './harness/console-looks.js';

consoleLooks('en');
