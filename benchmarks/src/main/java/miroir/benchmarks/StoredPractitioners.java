package miroir.benchmarks;

import java.util.List;
import java.util.concurrent.ExecutionException;

/** Practitioners of the usual size in a database that nobody else uses. */
public final class StoredPractitioners {
    private StoredPractitioners() {}

    /** Stores so many; returns their ids. */
    public static List<String> load(String uri, String name, int count)
            throws InterruptedException, ExecutionException {
        try (Database database = Database.open(uri, name)) {
            return new LoadPractitioners(database.store()).run(count);
        }
    }
}
