package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.generated.Proves;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random value sets of random value sets: what a search finds, against a rule that asks of one code at a time whether it is in. */
class RandomValueSetsTest {
    /** The last one is not stored. */
    private static final List<String> SYSTEMS = List.of("http://a", "http://b", "http://unknown");

    private static final int CODES = 6;
    private static final int VALUE_SETS = 150;

    private final long seed = Long.getLong("miroir.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final SearchedStore store = new SearchedStore("Observation", "ValueSet", "CodeSystem");

    /** Of each system, the parent of each code; -1: none. */
    private final int[][] parents = new int[2][CODES];

    private final List<Composed> valueSets = new ArrayList<>();

    private record Part(@Nullable String system, List<Integer> codes, int isA, List<Integer> valueSets) {}

    private record Composed(List<Part> includes, List<Part> excludes) {}

    @Test
    @Proves("token :in")
    void in_randomValueSets_findsWhatIsInThem() {
        System.out.println("seed " + seed + " (repeat with -Dmiroir.seed=" + seed + ")");
        fill();
        int found = 0;
        for (int i = 0; i < VALUE_SETS; i++) {
            Composed valueSet = new Composed(parts(1 + random.nextInt(3)), parts(random.nextInt(3)));
            valueSets.add(valueSet);
            store.put("ValueSet", "v" + i, json(i, valueSet));
            int number = i;
            try {
                Set<String> ids = new TreeSet<>(store.find("Observation", "code:in=http://v/" + i));
                assertThat(ids)
                        .as("seed %d, %s", seed, json(i, valueSet))
                        .isEqualTo(ids((system, code) -> has(number, system, code)));
                assertThat(new TreeSet<>(store.find("Observation", "code:not-in=ValueSet/v" + i)))
                        .as("seed %d", seed)
                        .isEqualTo(ids((system, code) -> !has(number, system, code)));
                found += ids.size();
            } catch (Refusal refused) {
                assertThat(refused)
                        .as("seed %d", seed)
                        .hasMessageContaining("all codes of \"http://unknown\" but some");
            }
        }
        assertThat(found).as("seed %d", seed).isGreaterThan(VALUE_SETS);
    }

    @Test
    @Proves({"token :below", "token :above"})
    void belowAndAbove_random_findWhatTheParentsSay() {
        fill();
        for (int system = 0; system < 2; system++) {
            String url = SYSTEMS.get(system);
            int ofSystem = system;
            for (int code = 0; code < CODES; code++) {
                int asked = code;
                String token = url + "%7C" + code;
                assertThat(new TreeSet<>(store.find("Observation", "code:below=" + token)))
                        .as("seed %d", seed)
                        .isEqualTo(ids((other, below) -> other.equals(url) && isBelow(ofSystem, below, asked)));
                assertThat(new TreeSet<>(store.find("Observation", "code:above=" + token)))
                        .as("seed %d", seed)
                        .isEqualTo(ids((other, above) -> other.equals(url) && isBelow(ofSystem, asked, above)));
            }
        }
    }

    private void fill() {
        for (int system = 0; system < 2; system++) {
            List<String> concepts = new ArrayList<>();
            for (int code = 0; code < CODES; code++) {
                parents[system][code] = code == 0 ? -1 : random.nextInt(code + 1) - 1;
                String property = parents[system][code] < 0
                        ? ""
                        : ", \"property\": [{\"code\": \"parent\", \"valueCode\": \"" + parents[system][code] + "\"}]";
                concepts.add("{\"code\": \"" + code + "\"" + property + "}");
            }
            store.put(
                    "CodeSystem",
                    "s" + system,
                    "{\"resourceType\": \"CodeSystem\", \"id\": \"s" + system + "\", \"url\": \"" + SYSTEMS.get(system)
                            + "\", \"status\": \"active\", \"content\": \"complete\", \"concept\": ["
                            + String.join(", ", concepts) + "]}");
        }
        for (String system : SYSTEMS) {
            for (int code = 0; code < CODES; code++) {
                String id = id(system, code);
                store.put(
                        "Observation",
                        id,
                        "{\"resourceType\": \"Observation\", \"id\": \"" + id
                                + "\", \"status\": \"final\", \"code\": {\"coding\": [{\"system\": \"" + system
                                + "\", \"code\": \"" + code + "\"}]}}");
            }
        }
    }

    private static String id(String system, int code) {
        return system.substring("http://".length()) + code;
    }

    private interface Rule {
        boolean has(String system, int code);
    }

    private static Set<String> ids(Rule rule) {
        return SYSTEMS.stream()
                .flatMap(system -> IntStream.range(0, CODES)
                        .filter(code -> rule.has(system, code))
                        .mapToObj(code -> id(system, code)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    // --- the rule

    private boolean has(int valueSet, String system, int code) {
        Composed composed = valueSets.get(valueSet);
        return composed.includes().stream().anyMatch(part -> has(part, system, code))
                && composed.excludes().stream().noneMatch(part -> has(part, system, code));
    }

    private boolean has(Part part, String system, int code) {
        return (part.system() == null || part.system().equals(system))
                && (part.codes().isEmpty() || part.codes().contains(code))
                && (part.isA() < 0 || isBelow(SYSTEMS.indexOf(system), code, part.isA()))
                && part.valueSets().stream().allMatch(other -> has(other, system, code));
    }

    private boolean isBelow(int system, int code, int above) {
        return code == above || (parents[system][code] >= 0 && isBelow(system, parents[system][code], above));
    }

    // --- what is made up

    private List<Part> parts(int count) {
        return IntStream.range(0, count).mapToObj(i -> part()).toList();
    }

    private Part part() {
        List<Integer> others = valueSets.isEmpty()
                ? List.of()
                : random.ints(random.nextInt(3), 0, valueSets.size()).boxed().toList();
        int system = others.isEmpty() ? random.nextInt(3) : random.nextInt(4);
        int kind = random.nextInt(3);
        if (system == 3) {
            return new Part(null, List.of(), -1, others);
        }
        return new Part(
                SYSTEMS.get(system),
                kind == 0 ? random.ints(2, 0, CODES).boxed().toList() : List.of(),
                kind == 1 && system < 2 ? random.nextInt(CODES) : -1,
                others);
    }

    private static String json(int number, Composed valueSet) {
        String excludes = valueSet.excludes().isEmpty() ? "" : ", \"exclude\": " + json(valueSet.excludes());
        return "{\"resourceType\": \"ValueSet\", \"id\": \"v" + number + "\", \"url\": \"http://v/" + number
                + "\", \"status\": \"active\", \"compose\": {\"include\": " + json(valueSet.includes()) + excludes
                + "}}";
    }

    private static String json(List<Part> parts) {
        return parts.stream().map(RandomValueSetsTest::json).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String json(Part part) {
        List<String> elements = new ArrayList<>();
        if (part.system() != null) {
            elements.add("\"system\": \"" + Objects.requireNonNull(part.system()) + "\"");
        }
        if (!part.codes().isEmpty()) {
            elements.add(part.codes().stream()
                    .map(code -> "{\"code\": \"" + code + "\"}")
                    .collect(Collectors.joining(", ", "\"concept\": [", "]")));
        }
        if (part.isA() >= 0) {
            elements.add(
                    "\"filter\": [{\"property\": \"concept\", \"op\": \"is-a\", \"value\": \"" + part.isA() + "\"}]");
        }
        if (!part.valueSets().isEmpty()) {
            elements.add(part.valueSets().stream()
                    .map(other -> "\"http://v/" + other + "\"")
                    .collect(Collectors.joining(", ", "\"valueSet\": [", "]")));
        }
        return "{" + String.join(", ", elements) + "}";
    }
}
