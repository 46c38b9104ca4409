package miroir.storage;

/**
 * Brings what is stored from one format to the next.
 *
 * @param number the format that it leads to
 * @param writers the oldest format whose Miroir understands what this one writes, and writes nothing that this one does not understand
 * @param what is done, in a few words
 */
record FormatStep(int number, int writers, String what, Work work) {

    /**
     * The work on one type. It may end anywhere and begin anew, by another server: what is done is found to be done. Writers go on meanwhile, those of this
     * format and those of the ones before it that the step allows.
     */
    interface Work {
        /** Returns when it is done, or when the pace says that it is not to go on. */
        void run(StoreDatabase database, String type, Pace pace);
    }
}
