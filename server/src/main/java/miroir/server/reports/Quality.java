package miroir.server.reports;

import java.util.List;
import java.util.concurrent.Semaphore;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.ResourceStore;
import miroir.index.store.SearchInForce;
import miroir.server.fhir.FhirParts;
import miroir.server.pipeline.Exchange;

/** The reports on quality, and the lists of what was found. */
final class Quality {
    private final FhirParts parts;
    /** A list goes through all of the directory. */
    private final Semaphore lists = new Semaphore(1);

    Quality(FhirParts parts) {
        this.parts = parts;
    }

    /** The newest reports, the newest first. */
    List<QualityReport> newest(Exchange exchange, int most) {
        requireWhole(exchange);
        return parts.store().reports().newest(QualityReport.KIND, most).stream()
                .map(QualityReport::of)
                .toList();
    }

    /** Returns if whoever asks sees all that is looked at. */
    void requireWhole(Exchange exchange) {
        Whole.require(exchange, Checks.types(parts.types()));
    }

    /** The newest one. */
    QualityReport newest(Exchange exchange) {
        return newest(exchange, 1).stream()
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.NOT_READY,
                        "there is no report yet: the first one is made once the directory is copied whole"));
    }

    /** What somebody sees beside the resources that are looked at. */
    Elsewhere elsewhere(Caller caller) {
        SearchInForce inForce = parts.search().inForce();
        ResourceStore store = parts.search().store(inForce);
        return new Elsewhere(store, inForce.made().registry(), caller);
    }

    /** Does what goes through all of the directory, unless somebody else does at the moment. */
    <E extends Exception> void alone(Work<E> work) throws E {
        if (!lists.tryAcquire()) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "another list is being made, which goes through all of the directory; one is made at a time: try again");
        }
        try {
            work.run();
        } finally {
            lists.release();
        }
    }

    /** What may fail. */
    interface Work<E extends Exception> {
        void run() throws E;
    }
}
