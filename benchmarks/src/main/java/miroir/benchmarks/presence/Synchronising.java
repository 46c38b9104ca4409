package miroir.benchmarks.presence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import miroir.storage.MongoStoreSettings;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Piece;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import miroir.storage.sync.Window;

/** What a daemon writes down that copies: five types with thirty runs each, one of which goes on and is further each second. */
final class Synchronising implements AutoCloseable {
    private static final List<String> TYPES =
            List.of("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device");
    private static final int RUNS = 30;
    private static final long MANY = 6_000_000;
    private static final Duration LONG = Duration.ofHours(2);

    private final Ledger ledger;
    private final Register register;
    private final Lease lease;
    private final String open;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private long read;

    private Synchronising(Ledger ledger, Register register, Lease lease, String open) {
        this.ledger = ledger;
        this.register = register;
        this.lease = lease;
        this.open = open;
    }

    static Synchronising begin(MongoStoreSettings settings) {
        Ledger ledger = Ledger.open(settings);
        Register register = new Register(ledger);
        register.prepare();
        Lease lease = ledger.take(Register.JOB, "bench", LONG).orElseThrow();
        List<Definition> definitions =
                TYPES.stream().map(type -> Definition.of("up", type)).toList();
        register.publish(lease, List.of(), definitions);
        Instant now = Instant.now();
        List<String> begun = new ArrayList<>();
        for (Definition each : definitions) {
            for (int i = RUNS; i >= 0; i--) {
                Instant at = now.minus(Duration.ofDays(i));
                Run run = Run.begun(each.name() + "-" + i, each.name(), false, "its time", at, at);
                register.begin(lease, run, List.of());
                if (i > 0) {
                    register.done(lease, run, null, at.plusSeconds(60));
                } else {
                    register.enter(lease, run, Run.Phase.READING, List.of(new Piece(Window.ALWAYS, MANY)), now);
                    begun.add(run.id());
                }
            }
        }
        return new Synchronising(ledger, register, lease, begun.get(0));
    }

    /** From now on one of them is further each second. */
    void goOn() {
        ScheduledFuture<?> showing = clock.scheduleAtFixedRate(this::show, 1, 1, TimeUnit.SECONDS);
        if (showing.isCancelled()) {
            throw new IllegalStateException("nothing is shown");
        }
    }

    private void show() {
        read += 800;
        register.show(lease, open, read, 800, Instant.now());
    }

    @Override
    public void close() {
        clock.shutdownNow();
        ledger.close();
    }
}
