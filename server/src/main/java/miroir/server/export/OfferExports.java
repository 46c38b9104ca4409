package miroir.server.export;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServlet;
import java.time.Duration;
import java.time.InstantSource;
import miroir.server.configuration.ExportConfiguration;
import miroir.server.configuration.PresentConfiguration;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.storage.MongoResourceStore;
import miroir.storage.ledger.Ledger;

/** Exports in bulk, where resources are kept in MongoDB. */
public final class OfferExports {
    private static final Duration LEASE = Duration.ofSeconds(20);

    private final MongoResourceStore store;
    private final Ledger ledger;
    private final Duration lease;

    /** Those of that store; what was asked is written into that ledger. */
    public OfferExports(MongoResourceStore store, Ledger ledger) {
        this(store, ledger, LEASE);
    }

    /**
     * The same.
     *
     * @param lease how long who died holds an export that he was cutting
     */
    public OfferExports(MongoResourceStore store, Ledger ledger, Duration lease) {
        this.store = store;
        this.ledger = ledger;
        this.lease = lease;
    }

    /**
     * What answers, and cuts exports until it is closed.
     *
     * @param servlet for everything at and below {@code $export}
     */
    public record Served(HttpServlet servlet, AutoCloseable cutting) {}

    /** What administrators see of them, and do. */
    public KnownExports known(ExportConfiguration configuration) {
        return new KnownExports(kept(configuration), InstantSource.system());
    }

    private KeptExports kept(ExportConfiguration configuration) {
        return new KeptExports(ledger, InstantSource.system(), configuration.expiry());
    }

    /** Begins to answer, and to cut what was asked for. */
    public Served begin(PresentConfiguration present, WorkingMemory memory, Turns turns, MeterRegistry meters) {
        KeptExports kept = kept(present.get().export());
        CountExports count = new CountExports(meters);
        KeepCutting cutting = new KeepCutting(store, kept, present.get(), lease, count).begin();
        SendFile sendFile = new SendFile(memory, turns, present.get().search().deadline(), count);
        BeginExport beginExport = new BeginExport(store, kept, present, cutting::nudge);
        return new Served(new ServeExports(store, kept, present, beginExport, sendFile), cutting);
    }
}
