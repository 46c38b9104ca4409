package miroir.benchmarks.ingest;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import miroir.benchmarks.BatchBundle;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.ResourceKey;
import miroir.storage.Mirrored;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Register;
import miroir.sync.daemon.Leader;
import miroir.sync.daemon.RunOnce;
import miroir.sync.daemon.SyncParts;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunSettings;
import miroir.sync.upstream.Entry;
import miroir.sync.upstream.Pace;
import miroir.sync.upstream.Page;
import miroir.sync.upstream.Source;
import miroir.sync.upstream.SourceKey;
import miroir.sync.upstream.TolerantReader;
import miroir.sync.upstream.Upstream;

/** The daemon's parts in this process, which is warm, between the simulator and a store. */
final class Copier implements AutoCloseable {
    static final List<Definition> DEFINITIONS = List.of(
            Definition.of("simulated", "Organization"),
            Definition.of("simulated", "Practitioner"),
            Definition.of("simulated", "PractitionerRole"),
            Definition.of("simulated", "HealthcareService"),
            Definition.of("simulated", "Device"));

    /** So small that every thread has several. */
    private static final int WINDOW = 1_000;

    private static final double NO_QUOTA = 1e6;

    private final DirectoryStore directory;
    private final Ledger ledger;
    private final SyncParts parts;
    private final String run = UUID.randomUUID().toString();

    Copier(DirectoryStore directory, URI base) {
        this.directory = directory;
        this.ledger = Ledger.open(directory.settings());
        Source source = Source.of("simulated", base, SourceKey.none())
                .with(NO_QUOTA, Duration.ofSeconds(30), Duration.ofMinutes(1));
        RunSettings usual = RunSettings.standard();
        this.parts = new SyncParts(
                directory.store().mirrored(),
                new Register(ledger),
                List.of(source),
                Pace.usual(),
                new RunSettings(
                        IngestBenchmark.THREADS,
                        WINDOW,
                        usual.remembered(),
                        usual.resumable(),
                        RunSettings.INDEXES_FIRST),
                InstantSource.system());
    }

    /** All pages that the directory has of a type, one after the other. */
    List<Page> pages(Definition definition) {
        Upstream upstream = parts.upstream(definition);
        List<Page> pages = new ArrayList<>();
        Page page = upstream.first(definition.type(), "", () -> false);
        pages.add(page);
        while (page.next() != null) {
            page = upstream.next(definition.type(), page.next(), () -> false);
            pages.add(page);
        }
        return pages;
    }

    /** What the daemon does with a page of a full run. */
    void takeIn(Definition definition, Page page) {
        TolerantReader reader = parts.reader(definition);
        List<Mirrored> batch = page.entries().stream()
                .map(entry -> new Mirrored(
                        new ResourceKey(entry.type(), entry.id()), reader.read(entry.json()), entry.updated()))
                .toList();
        Instant limit = Instant.now().plus(Duration.ofMinutes(10));
        directory.store().mirrored().ingest(definition.name(), definition.type(), batch, limit);
        directory
                .store()
                .mirrored()
                .markSeen(run, page.entries().stream().map(Entry::id).toList(), limit);
    }

    /** The same page for a server that takes FHIR as it should be, which the directory's is not in all. */
    BatchBundle batch(Definition definition, Page page) {
        TolerantReader reader = parts.reader(definition);
        BatchBundle batch = new BatchBundle();
        for (Entry entry : page.entries()) {
            Utf8Buffer json = new Utf8Buffer(entry.json().length);
            ResourceWriter.write(reader.read(entry.json()), json, false);
            batch.put(entry.type(), entry.id(), json.toByteArray());
        }
        return batch;
    }

    /** Between two passes: what was seen is forgotten. */
    void forget() {
        directory.store().mirrored().forgetSeen(run);
    }

    /** A run of each type, as {@code ./miroir sync once} does it. */
    void copy(boolean full) {
        try (Leader leader = new Leader(ledger, Duration.ofSeconds(20))) {
            RunEnded failed = new RunOnce(parts, leader, () -> false, begun -> {})
                    .run(DEFINITIONS, full, Duration.ofSeconds(40).toNanos());
            if (failed != null) {
                throw failed;
            }
        }
    }

    @Override
    public void close() {
        ledger.close();
    }
}
