package miroir.sync;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The commands, for tests of other modules. */
public final class Moves {
    private Moves() {}

    /** Runs one; returns what it ends with. */
    public static int run(Map<String, String> environment, PrintStream out, String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(arguments));
        return new SyncMain(environment, out, out).run(all).status();
    }
}
