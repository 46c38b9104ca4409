package miroir.index.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import miroir.index.extract.ExtractionSettings;
import miroir.index.store.SearchMade;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

final class ConfiguredSearchTest {
    private static final Set<String> TYPES = Set.of("Organization");
    private static final ExtractionSettings SETTINGS = new ExtractionSettings(
            ZoneId.of("Europe/Paris"), Set.of("https://b.example/fhir", "https://a.example/fhir"));

    private final AtomicReference<List<ConfigurationText>> files =
            new AtomicReference<>(List.of(file("/here/nick.yaml", "nick")));
    private final ConfiguredSearch here = new ConfiguredSearch(TYPES, files::get, SETTINGS, true);

    private static ConfigurationText file(String name, String parameter) {
        return new ConfigurationText(name, """
                resources:
                  - name: Organization
                    searchParams:
                      - {name: %s, searchType: string, resourcePaths: [alias]}
                """.formatted(parameter));
    }

    /** Where somebody keeps his files says nothing about what is searched. */
    @Test
    void ours_ofTheSameTexts_isTheSame() {
        ConfiguredSearch there =
                new ConfiguredSearch(TYPES, () -> List.of(file("conf/search/nick.yaml", "nick")), SETTINGS, true);

        assertThat(there.ours()).isEqualTo(here.ours());
        assertThat(new ConfiguredSearch(TYPES, files::get, SETTINGS, false).ours())
                .isNotEqualTo(here.ours());
    }

    @Test
    void make_ofWhatAnotherDescribed_isWhatThatSearches() {
        ConfiguredSearch other =
                new ConfiguredSearch(TYPES, List::of, new ExtractionSettings(ZoneId.of("UTC"), Set.of()), false);
        RawBsonDocument stored =
                StoredParametersTest.parameter("one", "first", "Organization", "string", "Organization.name");

        SearchMade made = other.make(here.ours(), List.of(stored));

        assertThat(made.registry().find("Organization", "nick")).isNotNull();
        assertThat(made.registry().find("Organization", "first")).isNotNull();
        SearchMade same = here.make(here.ours(), List.of(stored));
        assertThat(made.registry().of("Organization"))
                .allSatisfy(parameter -> assertThat(made.fields().digest(parameter))
                        .isEqualTo(same.fields().digest(parameter)));
    }

    @Test
    void make_whereResourcesDoNotCount_leavesThemOut() {
        ConfiguredSearch without = new ConfiguredSearch(TYPES, files::get, SETTINGS, false);
        RawBsonDocument stored =
                StoredParametersTest.parameter("one", "first", "Organization", "string", "Organization.name");

        assertThat(without.make(without.ours(), List.of(stored)).registry().find("Organization", "first"))
                .isNull();
    }

    @Test
    void ours_afterTheFilesChanged_isAnother() {
        BsonDocument before = here.ours();
        files.set(List.of(file("/here/nick.yaml", "nickname")));

        assertThat(here.ours()).as("it may be half of it").isEqualTo(before);
        assertThat(here.ours()).isNotEqualTo(before);
        files.set(List.of(new ConfigurationText("/here/nick.yaml", "resources: 1")));
        here.ours();
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(here::ours)
                .withMessageStartingWith("/here/nick.yaml:1: ");
    }

    /** Somebody writes it in two steps, or takes it away and brings it back. */
    @Test
    void ours_whileFilesAreWritten_isWhatItWas() {
        BsonDocument before = here.ours();
        List<ConfigurationText> whole = files.get();
        for (List<ConfigurationText> half :
                List.of(List.<ConfigurationText>of(), List.of(file("/here/nick.yaml", "ni")))) {
            files.set(half);
            assertThat(here.ours()).isEqualTo(before);
        }
        files.set(whole);
        assertThat(here.ours()).isEqualTo(before);
        assertThat(here.ours()).isEqualTo(before);
    }

    @Test
    void make_whatAnotherHasToldOtherwise_counts() {
        ConfiguredSearch plain = new ConfiguredSearch(
                Set.of("Organization", "SearchParameter"),
                files::get,
                new ExtractionSettings(ZoneId.of("UTC"), Set.of()),
                false);

        SearchMade made = plain.make(here.ours(), List.of());

        assertThat(made.zone()).isEqualTo(ZoneId.of("Europe/Paris"));
        assertThat(made.ownBases()).isEqualTo(SETTINGS.ownBases());
        assertThat(made.ofResources()).isTrue();
        assertThat(made.remarks()).singleElement().asString().startsWith("search.storedParameters is false here");
        assertThat(plain.make(plain.ours(), List.of()).ofResources()).isFalse();
    }

    @Test
    void make_ofAnotherVersionOfTheSoftware_isRefused() {
        BsonDocument newer = here.ours().clone().append("extractor", new BsonInt32(1_000));

        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(() -> here.make(newer, List.of()))
                .withMessageContaining("another version of Miroir");
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(() -> here.make(new BsonDocument(), List.of()));
    }

    @Test
    void ours_ofTooMuch_isRefused() {
        files.set(List.of(
                new ConfigurationText("a.yaml", "#" + "é".repeat(700_000)),
                new ConfigurationText("b.yaml", "#" + "é".repeat(700_000))));

        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(here::ours)
                .withMessage("conf/search/: the files have 2800002 bytes together; allowed are 2000000");
    }
}
