package miroir.server.fhir;

/** The interactions that all types share. */
record Interactions(
        ReadInteraction read,
        WriteInteraction write,
        PatchInteraction patch,
        DeleteInteraction delete,
        SearchInteraction search,
        HistoryInteraction history,
        EraseInteraction erase) {}
