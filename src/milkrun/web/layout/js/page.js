// Starts what every page has: keys, scanner, lists, countdowns, live parts and forms that stay on the page.
import { keys } from "./keys.js";
import { scanner } from "./scan.js";
import { lists } from "./list.js";
import { countdowns } from "./due.js";
import { live } from "./live.js";
import { staying } from "./stay.js";
import { feedback } from "./sound.js";

document.documentElement.classList.add("js");
scanner();
keys();
lists();
countdowns();
live();
staying();
feedback(document);
