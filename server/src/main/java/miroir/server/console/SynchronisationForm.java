package miroir.server.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.server.admin.Written;
import miroir.storage.sync.Definition;

/**
 * What is to be copied, and when.
 *
 * @param version of what is changed; 0: it is a new one
 * @param path below {@code /admin/api}
 * @param sources that there are, for a new one
 * @param types that can be copied, for a new one
 */
record SynchronisationForm(
        long version, String path, String next, List<String> sources, List<String> types, List<Field> fields) {
    private static final String SCHEDULE = "sync.schedule";

    SynchronisationForm {
        sources = List.copyOf(sources);
        types = List.copyOf(types);
        fields = List.copyOf(fields);
    }

    static SynchronisationForm forNew(List<String> sources, Set<String> types) {
        List<Field> fields = new ArrayList<>();
        fields.add(Field.text("name", "sync.part", ""));
        fields.add(Field.text("filter", "sync.partFilter", ""));
        fields.addAll(fields(Definition.of("source", "Type")));
        return new SynchronisationForm(
                0,
                "synchronisations",
                "/admin/synchronisations",
                sources,
                types.stream().sorted().toList(),
                fields);
    }

    static SynchronisationForm of(String dotted, Definition definition) {
        List<Field> fields = new ArrayList<>();
        if (!definition.filter().isEmpty()) {
            fields.add(Field.required("filter", "sync.partFilter", definition.filter()));
        }
        fields.addAll(fields(definition));
        return new SynchronisationForm(
                definition.version(),
                "synchronisations/" + dotted,
                "/admin/synchronisations/" + dotted,
                List.of(),
                List.of(),
                fields);
    }

    private static List<Field> fields(Definition definition) {
        return List.of(
                Field.required("schedule", SCHEDULE, Written.schedule(definition.schedule())),
                Field.required("fullEvery", "sync.fullEvery", Written.length(definition.fullEvery())),
                Field.required("overlap", "sync.overlap", Written.length(definition.overlap())),
                Field.required("guard", "sync.guard", Written.share(definition.guard())),
                Field.required("rejects", "sync.rejects", Written.share(definition.rejects())),
                Field.required("priority", "sync.priority", String.valueOf(definition.priority())));
    }

    boolean isNew() {
        return version == 0;
    }

    /** For who may only read: in words, where they are lengths of time. */
    List<Fact> facts(View view) {
        return fields.stream()
                .map(Field::fact)
                .map(fact -> new Fact(fact.key(), words(view, fact)))
                .toList();
    }

    private static String words(View view, Fact fact) {
        return Interval.of(fact.value())
                .map(each -> fact.key().equals(SCHEDULE) ? each.often(view) : each.length(view))
                .orElse(fact.value());
    }
}
