package miroir.server.fhir;

/** The interactions that all types share. */
record Interactions(
        ReadInteraction read,
        WriteInteraction write,
        ConditionalWriteInteraction conditionalWrite,
        PatchInteraction patch,
        MetaInteraction meta,
        ChangeMetaInteraction changeMeta,
        ValidateInteraction validate,
        ConditionalPatchInteraction conditionalPatch,
        DeleteInteraction delete,
        ConditionalDeleteInteraction conditionalDelete,
        SearchInteraction search,
        SystemSearchInteraction systemSearch,
        EverythingInteraction everything,
        ByIdentifierInteraction byIdentifier,
        CodeInteraction codes,
        FillDisplays displays,
        DirectorySearchInteraction directorySearch,
        HistoryInteraction history,
        SeenInteraction seen,
        RunViewInteraction runView,
        EraseInteraction erase) {}
