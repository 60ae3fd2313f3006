// One demo and one browser for all, so the parts run in this order in one process.
import './session.mjs';
import './parts/desktop.mjs';
import './parts/phone.mjs';
import './parts/lost-contact.mjs';
import './parts/failures.mjs';
import './parts/readme.mjs';
import './parts/board-sign-in.mjs';
import './parts/board-closure.mjs';
import './parts/board-records.mjs';
import './parts/own-server-only.mjs';
import './parts/other-clients.mjs';
import './parts/call-out.mjs';
import './parts/end.mjs';
