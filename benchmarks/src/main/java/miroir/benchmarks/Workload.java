package miroir.benchmarks;

import java.util.List;
import java.util.random.RandomGenerator;

/** One kind of request, asked many times. */
enum Workload {
    READ("read by id", 1),
    SEARCH("search, page of 50", 50);

    private final String title;
    private final int resources;

    Workload(String title, int resources) {
        this.title = title;
        this.resources = resources;
    }

    String title() {
        return title;
    }

    /** How many resources each answer holds. */
    int resources() {
        return resources;
    }

    boolean isRead() {
        return this == READ;
    }

    /** The path and query of one request. */
    String target(List<String> ids, RandomGenerator random) {
        return switch (this) {
            case READ -> "/fhir/Practitioner/" + ids.get(random.nextInt(ids.size()));
            case SEARCH -> "/fhir/Practitioner?active=true&_count=50";
        };
    }
}
