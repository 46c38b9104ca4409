package miroir.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.Moves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A server whose database is carried elsewhere, and the one that serves it there: whoever asks both finds no difference. */
@ExtendWith(MongoExtension.class)
class MovedServerIT {
    private static final Set<String> TYPES = Set.of("Organization", "Patient", "Observation", "Binary");

    private static final List<String> PATHS = List.of(
            "/Organization/o1",
            "/Organization/o1/_history",
            "/Organization/o1/_history/1",
            "/Organization/o1/_history/2",
            "/Organization/o1/_history/99",
            "/Organization/o2",
            "/Organization/o2/_history/1",
            "/Organization/o3",
            "/Organization/o3/_history",
            "/Organization/o4",
            "/Organization/o4/_history",
            "/Organization/nobody",
            "/Organization/_history?_count=100",
            "/Organization/_history?_sort=_lastUpdated&_count=3",
            "/Organization?_count=5",
            "/Organization?name=clinique&_total=accurate",
            "/Organization?_sort=-name&_count=4",
            "/Organization?_sort=_lastUpdated",
            "/Organization?_lastUpdated=ge2020-01-01&_count=20",
            "/Observation?value-quantity=37.50",
            "/Observation?subject.family=%C3%B1andu",
            "/Patient?_revinclude=Observation:subject",
            "/Binary/b",
            "/_history?_count=100");

    private final TestDatabase database;
    private final Path folder;

    MovedServerIT(TestDatabase database, @TempDir Path folder) {
        this.database = database;
        this.folder = folder.resolve("archive");
    }

    private TestDatabase named(String name) {
        return new TestDatabase(database.uri(), database.name() + "_" + name);
    }

    private static void fill(Node node) throws Exception {
        for (int i = 0; i < 12; i++) {
            node.put("/Organization/o" + i, organization("o" + i, "Clinique de l'Étoile 🏥 " + i));
        }
        for (int i = 0; i < 3; i++) {
            node.put("/Organization/o1", organization("o1", "Élysée " + i));
        }
        node.delete("/Organization/o2");
        node.delete("/Organization/o3");
        node.put("/Organization/o3", organization("o3", "wieder da"));
        node.post("/Organization/o4/$erase", "");
        node.put("/Patient/p", "{\"resourceType\":\"Patient\",\"id\":\"p\",\"name\":[{\"family\":\"Ñandú\"}]}");
        node.put(
                "/Observation/v",
                "{\"resourceType\":\"Observation\",\"id\":\"v\",\"status\":\"final\",\"code\":{\"text\":\"t\"},"
                        + "\"subject\":{\"reference\":\"Patient/p\"},\"valueQuantity\":{\"value\":37.50,\"unit\":\"°C\"}}");
        node.put(
                "/Binary/b",
                "{\"resourceType\":\"Binary\",\"id\":\"b\",\"contentType\":\"text/plain\",\"data\":\"SGFsbG8=\"}");
    }

    private static String organization(String id, String name) {
        return "{\"resourceType\":\"Organization\",\"id\":\"" + id + "\",\"name\":\"" + name
                + "\",\"extension\":[{\"url\":\"https://example.org/e\",\"valueDecimal\":1.500}]}";
    }

    private void move(String command, String name, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, String> environment = Map.of(
                "MONGODB_URI", database.uri(),
                "MIROIR_DATABASE", named(name).name(),
                "MIROIR_TYPES", String.join(",", TYPES),
                "MIROIR_SEARCH_CONF",
                        Path.of(System.getProperty("miroir.root"), "conf/search")
                                .toString());
        int status = Moves.run(environment, new PrintStream(out, true, UTF_8), command, arguments);
        assertThat(status).as(out.toString(UTF_8)).isZero();
    }

    @Test
    void requests_toBoth_areAnsweredAlike() throws Exception {
        String place = followed(named("second"));
        try (Node first = Node.start(named("first"), TYPES)) {
            fill(first);
            move("export", "first", "--to", folder.toString());
            move("import", "second", folder.toString());
            try (Node second = Node.start(named("second"), TYPES)) {
                assertThat(second.status(place))
                        .as("who followed it while it was empty has to begin anew")
                        .isIn(400, 410);
                for (String path : PATHS) {
                    assertThat(second.answer(path)).as(path).isEqualTo(first.answer(path));
                }
                assertThat(second.status("/Organization/o2")).isEqualTo(410);
                assertThat(second.status("/Organization/o4")).isEqualTo(410);
                for (Node each : List.of(first, second)) {
                    each.put("/Organization/o1", organization("o1", "danach"));
                    assertThat(each.answer("/Organization/o1")).contains("W/\"5\"");
                }
            }
        }
    }

    /** Where somebody is who follows a database in which nothing is, and would never be told of what an import brings. */
    private static String followed(TestDatabase empty) throws Exception {
        Node node = Node.start(empty, TYPES);
        try {
            String place = node.placeBehind("/_history?_sort=_lastUpdated");
            assertThat(node.status(place)).isEqualTo(200);
            return place;
        } finally {
            node.leave();
        }
    }
}
