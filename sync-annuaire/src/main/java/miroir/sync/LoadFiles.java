package miroir.sync;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.Beginning;
import miroir.storage.MirroredResources;
import miroir.storage.MongoStoreSettings;
import miroir.storage.OpenedStore;
import miroir.storage.RequireFormat;
import miroir.storage.ledger.Ledger;
import miroir.sync.daemon.Leader;
import miroir.sync.files.ResourceFiles;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.upstream.Oddities;
import miroir.sync.upstream.TolerantReader;

/**
 * The resources of files, put into the store that the environment names ({@link OpenedStore}): as this server's own, or as
 * copies from a source, which its next full pass goes on with as if it had brought them.
 */
final class LoadFiles {
    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    private final BooleanSupplier stopped;

    LoadFiles(Map<String, String> environment, PrintStream out, PrintStream err, BooleanSupplier stopped) {
        this.environment = environment;
        this.out = out;
        this.err = err;
        this.stopped = stopped;
    }

    ExitCode own(List<Path> paths) throws IOException, InterruptedException {
        requireFiles(paths);
        try (OpenedStore opened = OpenedStore.open(environment).awaitReady()) {
            return load(paths, opened, LoadResources.own(opened.store()));
        }
    }

    /** As this server's own, once: where nothing is stored, or it is what an earlier call stored. */
    ExitCode show(List<Path> paths) throws IOException, InterruptedException {
        requireFiles(paths);
        MongoStoreSettings settings = OpenedStore.settings(environment);
        RequireFormat.known(settings);
        try (Beginning beginning = Beginning.open(settings)) {
            if (beginning.wasForShow()) {
                out.println("loaded before");
                return ExitCode.DONE;
            }
            beginning.filled().ifPresent(collection -> {
                throw new ConfigurationRefused(
                        "--show", "the database " + settings.database() + " is not empty: it holds " + collection);
            });
            ExitCode loaded = own(paths);
            if (beginning.filled().isPresent()) {
                beginning.isForShow();
            }
            return loaded;
        }
    }

    ExitCode copies(List<Path> paths, String source) throws IOException, InterruptedException {
        requireFiles(paths);
        try (OpenedStore opened = OpenedStore.open(environment).awaitReady();
                Ledger ledger = Ledger.open(opened.settings());
                Leader leader = new Leader(ledger, SyncMain.LEASE)) {
            if (!leader.tryOnce()) {
                throw new RunEnded(Why.LEASE_LOST, "another process leads, such as './miroir sync run'; stop it first");
            }
            leader.start();
            MirroredResources mirrored = opened.store().mirrored();
            return load(
                    paths,
                    opened,
                    LoadResources.copies(mirrored, source, () -> leader.lease().until()));
        }
    }

    private static void requireFiles(List<Path> paths) throws IOException {
        for (Path path : paths) {
            requireFiles(path);
        }
    }

    private static void requireFiles(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new ConfigurationRefused(path.toString(), "there is no such file or folder");
        }
        if (ResourceFiles.of(path).isEmpty()) {
            throw new ConfigurationRefused(
                    path.toString(), "holds no file that ends in " + String.join(", ", ResourceFiles.ENDINGS));
        }
    }

    private ExitCode load(List<Path> paths, OpenedStore opened, LoadResources.Shelf shelf) throws IOException {
        Oddities oddities = new Oddities();
        ResourceReader strict = new ResourceReader(Structures.r4(), ReadLimits.standard());
        LoadResources load =
                new LoadResources(new TolerantReader(strict, oddities), shelf, opened.types(), err::println);
        for (Path path : paths) {
            ResourceFiles.read(path, (where, json) -> {
                if (stopped.getAsBoolean()) {
                    throw new RunEnded(Why.STOPPED, "told to stop before " + where + "; " + load.report());
                }
                load.load(where, json);
            });
        }
        out.println(load.report());
        if (!oddities.counts().isEmpty()) {
            out.println("put up with: " + oddities.counts());
        }
        return load.isComplete() ? ExitCode.DONE : ExitCode.NOT_ALL;
    }
}
