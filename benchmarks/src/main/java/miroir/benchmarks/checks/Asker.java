package miroir.benchmarks.checks;

import java.util.List;
import java.util.stream.IntStream;

/** Who reads, from whom least is to be found out to whom most. */
enum Asker {
    NOBODY("no token, reading is open", List.of()),
    READER("a consumer who may read everything", List.of("READ on *")),
    NARROWED("a consumer who may read what a search finds", List.of("READ on Practitioner?active=true")),
    MANY("a consumer with twenty narrowed permissions", manyPermissions());

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // a list that nobody can change
    private final List<String> permissions;

    Asker(String title, List<String> permissions) {
        this.title = title;
        this.permissions = List.copyOf(permissions);
    }

    String title() {
        return title;
    }

    List<String> permissions() {
        return permissions;
    }

    /** The one that lets everything through comes last. */
    private static List<String> manyPermissions() {
        return IntStream.rangeClosed(1, 20)
                .mapToObj(i -> i < 20 ? "READ on Practitioner?family=nobody" + i : "READ on Practitioner?active=true")
                .toList();
    }
}
