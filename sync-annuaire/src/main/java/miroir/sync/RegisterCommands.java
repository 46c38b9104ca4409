package miroir.sync;

import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.MongoStoreSettings;
import miroir.storage.OpenedStore;
import miroir.storage.RequireFormat;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Command;
import miroir.storage.sync.Register;
import miroir.storage.sync.Rejection;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;

/** The commands that look into the register, or put up what is wanted. They need none of the store's collections. */
final class RegisterCommands {
    private static final int SHOWN = 400;

    private final Map<String, String> environment;
    private final PrintStream out;

    RegisterCommands(Map<String, String> environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
    }

    private interface Work {
        ExitCode with(Register register);
    }

    private ExitCode open(Work work) throws IOException {
        MongoStoreSettings settings = OpenedStore.settings(environment);
        RequireFormat.known(settings);
        try (Ledger ledger = Ledger.open(settings)) {
            return work.with(new Register(ledger));
        }
    }

    ExitCode status() throws IOException {
        return open(
                register -> new StatusReport(register, InstantSource.system().instant(), out).print()
                        ? ExitCode.DONE
                        : ExitCode.NOT_ALL);
    }

    /** What the last run that rejected anything could not store. */
    ExitCode rejections(String name) throws IOException {
        return open(register -> {
            known(register, name);
            register.lastThatRejected(name)
                    .ifPresentOrElse(
                            this::print,
                            () -> out.println(name + ": none of its runs that are kept rejected anything"));
            return ExitCode.DONE;
        });
    }

    private void print(Run run) {
        out.println(run.synchronisation() + ": the run that began at " + run.began() + " rejected "
                + run.counts().rejected() + "; of those " + run.rejections().size() + " are kept:");
        for (Rejection each : run.rejections()) {
            String payload = each.payload();
            out.println(each.id() + ": " + each.reason());
            out.println("    " + (payload.length() > SHOWN ? payload.substring(0, SHOWN) + "…" : payload));
        }
    }

    ExitCode command(String verb, String name) throws IOException {
        return open(register -> {
            Synchronisation known = known(register, name);
            Command.Verb wanted = Command.Verb.valueOf(verb.toUpperCase(Locale.ROOT));
            if (wanted == Command.Verb.CONFIRM && known.held() == null) {
                throw new ConfigurationRefused(name, "nothing of it waits to be confirmed");
            }
            register.post(Command.of(name, wanted, InstantSource.system().instant()));
            out.println(name + ": " + verb + " is asked for; whoever leads does it within seconds, and where no daemon"
                    + " runs './miroir sync once' does");
            return ExitCode.DONE;
        });
    }

    private static Synchronisation known(Register register, String name) {
        return register.find(name).orElseThrow(() -> {
            List<String> names =
                    register.all().stream().map(Synchronisation::name).toList();
            return new ConfigurationRefused(name, "no such synchronisation; there are: " + names);
        });
    }
}
