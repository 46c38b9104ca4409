package miroir.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Run;
import miroir.storage.sync.Window;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.run.RunSettings;
import miroir.sync.testing.Mirroring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server, a copy of it that is served in its turn, and a copy of the copy. */
@ExtendWith(MongoExtension.class)
class MirrorOfMirrorIT {
    /** How many there are of each: those of one type are too many for a window, which costs calls by the hundred. */
    private static final Map<String, Integer> COUNTS = Map.of("Organization", 8, "Patient", 8, "Observation", 15);

    private static final Set<String> TYPES = COUNTS.keySet();
    private static final Definition[] ALL =
            TYPES.stream().sorted().map(type -> Definition.of("up", type)).toArray(Definition[]::new);
    private static final RunSettings SMALL =
            new RunSettings(2, 10, Duration.ofDays(30), Duration.ofDays(3), RunSettings.INDEXES_FIRST);

    private final TestDatabase database;
    private Node first;
    private Node second;
    private Node third;
    private Mirroring toSecond;
    private Mirroring toThird;

    MirrorOfMirrorIT(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void start() throws Exception {
        first = Node.start(named("first"), TYPES);
        second = Node.start(named("second"), TYPES);
        third = Node.start(named("third"), TYPES);
        toSecond = Mirroring.of(second.database(), first.asSource(), SMALL, ALL);
        toThird = Mirroring.of(third.database(), second.asSource(), SMALL, ALL);
        for (int i = 0; i < count("Organization"); i++) {
            first.put("/Organization/o" + i, organization("o" + i, "Hôpital Élysée 🏥 \\u00e9\\ud83d\\ude00 " + i));
        }
        for (int i = 0; i < count("Patient"); i++) {
            first.put("/Patient/p" + i, patient("p" + i, i));
        }
        for (int i = 0; i < count("Observation"); i++) {
            first.put("/Observation/b" + i, observation("b" + i, i));
        }
    }

    @AfterEach
    void close() {
        toSecond.close();
        toThird.close();
        third.close();
        second.close();
        first.close();
    }

    private static int count(String type) {
        return Objects.requireNonNull(COUNTS.get(type));
    }

    private TestDatabase named(String name) {
        return new TestDatabase(database.uri(), database.name() + "_" + name);
    }

    private static String organization(String id, String name) {
        return "{\"resourceType\":\"Organization\",\"id\":\"" + id
                + "\",\"meta\":{\"profile\":[\"https://example.org/p|1.2\"],\"tag\":[{\"code\":\"a\"}]},\"name\":\""
                + name
                + "\",\"extension\":[{\"url\":\"https://example.org/e\",\"valueDecimal\":1.500},"
                + "{\"url\":\"https://example.org/f\",\"valueCoding\":{\"code\":\"ß\"}}],"
                + "\"address\":[{\"line\":[null,\"12 bis\"],\"_line\":[{\"extension\":[{\"url\":\"https://example.org/l\","
                + "\"valueString\":\"œuvre\"}]},null],\"city\":\"L'Haÿ-les-Roses\"}]}";
    }

    private static String patient(String id, int i) {
        String deceased =
                i % 2 == 0 ? "\"deceasedBoolean\":false" : "\"deceasedDateTime\":\"2020-0" + (1 + i % 9) + "\"";
        String birth = i % 3 == 0 ? "\"multipleBirthInteger\":" + (1 + i) : "\"multipleBirthBoolean\":true";
        return "{\"resourceType\":\"Patient\",\"id\":\"" + id
                + "\",\"name\":[{\"family\":\"Ñandú-Œuf\",\"given\":[\"𝒜da\",\"Zoé\"]}]," + deceased + "," + birth
                + "}";
    }

    private static String observation(String id, int i) {
        List<String> values = List.of(
                "\"valueQuantity\":{\"value\":37.50,\"unit\":\"°C\"}",
                "\"valueString\":\"Fièvre < 38 °C\\n\\t\\\"…\\\"\"",
                "\"valueCodeableConcept\":{\"text\":\"≥ 3\"}",
                "\"valueRange\":{\"low\":{\"value\":0.10},\"high\":{\"value\":1E+2}}",
                "\"valuePeriod\":{\"start\":\"2024-02-29T23:59:59.123+01:00\"}");
        String when = i % 2 == 0 ? "\"effectiveDateTime\":\"2024-05\"" : "\"effectivePeriod\":{\"end\":\"2024-06-01\"}";
        return "{\"resourceType\":\"Observation\",\"id\":\"" + id
                + "\",\"status\":\"final\",\"code\":{\"text\":\"température\"}," + when + "," + values.get(i % 5) + "}";
    }

    /** Along the chain; the last runs of both steps. */
    private List<Run> follow(boolean full) {
        List<Run> runs = new ArrayList<>();
        for (Mirroring step : List.of(toSecond, toThird)) {
            for (Definition each : ALL) {
                runs.add(step.run(each, full));
            }
        }
        return runs;
    }

    private void assertAllEqual() throws Exception {
        for (String type : TYPES) {
            Map<String, String> contents = first.contents(type);
            assertThat(contents).isNotEmpty();
            assertThat(second.contents(type)).isEqualTo(contents);
            assertThat(third.contents(type)).isEqualTo(contents);
        }
    }

    @Test
    void follow_loadsChangesAndDeletions_makeAllEqual() throws Exception {
        assertThat(follow(false))
                .allMatch(Run::full)
                .extracting(run -> run.counts().created())
                .containsExactlyElementsOf(createdAlongTheChain());
        assertAllEqual();

        assertThat(follow(false)).noneMatch(Run::full).allMatch(run -> changes(run) == 0);
        assertThat(follow(true)).allMatch(Run::full).allMatch(run -> changes(run) == 0);
        assertThat(toThird.versions(ALL[0]))
                .hasSize(count(ALL[0].type()))
                .allSatisfy((id, version) -> assertThat(version).isEqualTo(1));

        first.put("/Organization/o3", organization("o3", "Clinique Γαληνός"));
        first.put("/Patient/p99", patient("p99", 99));
        first.delete("/Observation/b4");
        first.delete("/Patient/p5");
        assertThat(follow(false)).noneMatch(Run::full);
        assertThat(third.contents("Organization").get("o3")).contains("Γαληνός");
        assertThat(third.status("/Patient/p99")).isEqualTo(200);
        assertThat(third.status("/Observation/b4"))
                .as("a delta concludes nothing from absence")
                .isEqualTo(200);

        follow(true);
        assertAllEqual();
        assertThat(third.status("/Observation/b4")).isEqualTo(410);
        assertThat(third.status("/Patient/p5")).isEqualTo(410);
    }

    /** By both steps. */
    private static List<Long> createdAlongTheChain() {
        List<Long> once = Stream.of(ALL).map(each -> (long) count(each.type())).toList();
        return Stream.concat(once.stream(), once.stream()).toList();
    }

    private static long changes(Run run) {
        return run.counts().created() + run.counts().updated() + run.counts().removed();
    }

    @Test
    void lastUpdated_windows_areCountedExactly() throws Exception {
        Instant middle = OffsetDateTime.parse(first.lastUpdated("/Patient/p7")).toInstant();

        int before = first.count("/Patient?" + new Window(Instant.EPOCH, middle).query());
        int after = first.count("/Patient?" + new Window(middle, Window.FOREVER).query());

        assertThat(before).isEqualTo(7);
        assertThat(before + after).isEqualTo(count("Patient"));
        assertThat(first.count("/Patient?" + new Window(middle, middle.plusMillis(1)).query()))
                .isEqualTo(1);
    }
}
