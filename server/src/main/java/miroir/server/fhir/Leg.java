package miroir.server.fhir;

import miroir.index.search.Condition;

/** The part of an answer about several types that is of one type. */
record Leg(String type, Condition where) {}
