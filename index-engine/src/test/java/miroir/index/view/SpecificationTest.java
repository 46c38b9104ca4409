package miroir.index.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All test cases of the specification; see LICENCE.md beside them. */
class SpecificationTest {
    private static final List<String> FILES = List.of(
            "basic",
            "collection",
            "combinations",
            "constant",
            "constant_types",
            "fhirpath",
            "fhirpath_numbers",
            "fn_boundary",
            "fn_empty",
            "fn_extension",
            "fn_first",
            "fn_join",
            "fn_oftype",
            "fn_reference_keys",
            "foreach",
            "logic",
            "repeat",
            "row_index",
            "union",
            "validate",
            "view_resource",
            "where");

    private static final ResourceReader READER = new ResourceReader(Structures.r4(), new ReadLimits(1 << 20, 50));

    /** A case with the resources of its file. */
    record Case(String file, BsonDocument test, List<BsonDocument> resources) {
        Case {
            resources = List.copyOf(resources);
        }

        ViewRows rows() {
            ViewRows rows = ViewRows.of(test.getDocument("view"));
            resources.stream()
                    .filter(resource -> resource.getString("resourceType")
                            .getValue()
                            .equals(rows.view().compiled().resourceType()))
                    .forEach(resource -> rows.add(new RawBsonDocument(resource, new BsonDocumentCodec())));
            return rows;
        }

        boolean fails() {
            return test.containsKey("expectError");
        }

        @Override
        public String toString() {
            return file + ": " + test.getString("title").getValue();
        }
    }

    static Stream<Case> cases() {
        return FILES.stream().flatMap(SpecificationTest::cases);
    }

    private static Stream<Case> cases(String file) {
        BsonDocument read = READER.readUnchecked(bytes(file));
        List<BsonDocument> resources = documents(read, "resources");
        return documents(read, "tests").stream().map(test -> new Case(file, test, resources));
    }

    private static byte[] bytes(String file) {
        try (InputStream in = SpecificationTest.class.getResourceAsStream("specification/" + file + ".json")) {
            if (in == null) {
                throw new IllegalStateException(file);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            // What is read has to be a resource.
            return ("{\"resourceType\":\"Basic\"," + text.substring(text.indexOf('{') + 1))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<BsonDocument> documents(BsonDocument document, String name) {
        return document.getArray(name).stream().map(BsonValue::asDocument).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rows_caseOfTheSpecification_areAsItSays(Case tested) {
        if (tested.fails()) {
            assertThatThrownBy(tested::rows)
                    .satisfies(thrown -> assertThat(thrown).isInstanceOfAny(ConfigurationRefused.class, Refusal.class));
            return;
        }
        ViewRows rows = tested.rows();
        List<List<@Nullable String>> expected = new ArrayList<>();
        for (BsonDocument row : documents(tested.test(), "expect")) {
            expected.add(rows.expected(row));
        }
        assertThat(rows.rows()).containsExactlyInAnyOrderElementsOf(expected);
        if (tested.test().containsKey("expectColumns")) {
            assertThat(rows.names())
                    .isEqualTo(tested.test().getArray("expectColumns").stream()
                            .map(name -> name.asString().getValue())
                            .toList());
        }
    }

    @Test
    void cases_areAll() {
        assertThat(cases()).hasSize(144);
    }
}
