package miroir.server.fhir;

import java.time.Instant;
import miroir.index.search.SearchParser;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.terminology.StoredTerminology;
import org.jspecify.annotations.Nullable;

/** Reads queries as their senders mean them: with the base that they know, and the value sets that they may see. */
record QueryReader(SearchParser parser, StoredTerminology terminology) {

    /**
     * The parser for a request.
     *
     * @param base the URL under which it, or the first page of it, was asked for
     * @param asOf the instant whose value sets are meant; null: the newest
     */
    SearchParser of(FhirRequest request, String base, @Nullable Instant asOf, Deadline deadline) {
        return of(request.caller(), base, asOf, deadline);
    }

    /** The same for whoever asks. */
    SearchParser of(Caller caller, String base, @Nullable Instant asOf, Deadline deadline) {
        return parser.reachedAt(base).knowing(terminology.seenBy(caller, asOf, deadline));
    }
}
