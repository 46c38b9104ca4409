package miroir.benchmarks.start;

/**
 * One start of the server on data that are there.
 *
 * @param millis until it said that it was ready
 * @param residentMegabytes of its process then
 * @param afterSearches the same after the searches
 */
record Start(long millis, long residentMegabytes, long afterSearches) {}
