package miroir.simulator.query;

import miroir.simulator.Kind;

/**
 * What comes along with the matches.
 *
 * @param from the kind that refers
 * @param to the kind that is referred to
 */
record Inclusion(Kind from, Parameter reference, Kind to) {}
