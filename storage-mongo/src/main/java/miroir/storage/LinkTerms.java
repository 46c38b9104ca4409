package miroir.storage;

/**
 * What counts as small where two types are searched at once.
 *
 * @param small this side leads where an index finds it in no more documents
 * @param few so many resources of the other side are listed; more are not fetched, see {@link Listing}
 * @param inARow one reference may stand in any number of resources: after so many, those that are known are left out
 * @param batch how many candidates are checked at first; after that as many as are expected to do
 */
record LinkTerms(int small, int few, int inARow, int batch) {

    static LinkTerms usual() {
        return new LinkTerms(200, 2_000, 1_000, 50);
    }
}
