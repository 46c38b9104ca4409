package miroir.server.console;

import miroir.server.configuration.ExportConfiguration;

/**
 * All exports, with what can be done.
 *
 * @param rules how many there may be, and for how long
 */
record ExportsPage(View view, ExportList list, ExportConfiguration rules) {}
