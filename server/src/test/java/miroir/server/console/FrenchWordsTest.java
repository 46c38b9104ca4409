package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import miroir.server.TestServer;
import miroir.server.configuration.KeyMeanings;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.configuration.Setting;
import miroir.server.pages.Language;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.Interaction;
import org.junit.jupiter.api.Test;

final class FrenchWordsTest {
    private static final List<String> DIRECTORY =
            List.of("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device");

    /** An extension may hold anything: of what it holds, what the directory's types hold as well. */
    private static Set<TypeDefinition> used() {
        Set<String> names = new TreeSet<>();
        Deque<String> todo = new ArrayDeque<>(DIRECTORY);
        while (!todo.isEmpty()) {
            String name = todo.pop();
            TypeDefinition type = Structures.r4().type(name);
            if (type != null && !name.equals("Extension") && !name.equals("Resource") && names.add(name)) {
                type.elements().values().forEach(element -> todo.push(element.type()));
            }
        }
        return names.stream()
                .map(Structures.r4()::type)
                .filter(type -> type != null && type.kind() != TypeDefinition.Kind.PRIMITIVE)
                .collect(Collectors.toSet());
    }

    @Test
    void settings_areAllExplainedInFrench() {
        assertThat(FrenchWords.SETTINGS.keys()).isEqualTo(KeyMeanings.keys());
        FrenchWords.SETTINGS
                .keys()
                .forEach(key -> assertThat(FrenchWords.SETTINGS.find(key))
                        .as(key)
                        .isNotBlank()
                        .isNotEqualTo(KeyMeanings.of(key))
                        .endsWith("."));
    }

    /** Whoever changes a number in one language has the other one to change as well. */
    @Test
    void settings_haveTheSameNumbersInBothLanguages() {
        FrenchWords.SETTINGS
                .keys()
                .forEach(key -> assertThat(numbers(String.valueOf(FrenchWords.SETTINGS.find(key))))
                        .as(key)
                        .isEqualTo(numbers(KeyMeanings.of(key))));
    }

    private static List<String> numbers(String text) {
        return Pattern.compile("[0-9]+")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .sorted()
                .toList();
    }

    /** Of a list, whichever of its items. */
    @Test
    void settings_ofAPage_areExplainedInItsLanguage() {
        List<Setting> settings = ServerConfiguration.read(
                        "test.yaml",
                        "access: {issuers: [{name: a, issuer: 'https://a.example', audience: b}]}",
                        Map.<String, String>of()::get)
                .file()
                .settings();

        assertThat(settings).extracting(Setting::key).contains("access.issuers[0].name", "limits.body");
        assertThat(settings)
                .allSatisfy(each -> assertThat(FrenchWords.SETTINGS.find(KeyMeanings.known(each.key())))
                        .as(each.key())
                        .isNotBlank());
    }

    @Test
    void names_ofTheDirectorysTypesAndWhatTheyAreMadeOf_areAllThere() {
        Set<String> missing = new TreeSet<>();
        Set<String> needed = new TreeSet<>();
        for (TypeDefinition type : used()) {
            for (ElementDefinition element : type.elements().values()) {
                needed.add(type.name() + "." + element.choice());
                if (FrenchWords.ELEMENTS.find(type.name(), element.choice()) == null) {
                    missing.add(type.name() + "." + element.choice());
                }
            }
        }

        assertThat(missing).isEmpty();
        assertThat(needed).hasSizeGreaterThan(150);
    }

    /** What no type has is a mistake in writing. */
    @Test
    void names_all_areOfElementsThatThereAre() {
        Set<String> known = new TreeSet<>();
        for (TypeDefinition type : used()) {
            type.elements().values().forEach(element -> {
                known.add(type.name() + "." + element.choice());
                known.add(element.choice());
            });
        }

        assertThat(known).containsAll(FrenchWords.ELEMENTS.keys());
    }

    @Test
    void name_ofAType_goesBeforeThatOfAll() {
        assertThat(FrenchWords.ELEMENTS.find("Practitioner", "active")).isEqualTo("Actif");
        assertThat(FrenchWords.ELEMENTS.find("Organization", "active")).isEqualTo("Active");
        assertThat(FrenchWords.ELEMENTS.find("Patient", "multipleBirth")).isNull();
    }

    /** Those that are configured say it in French by themselves. */
    @Test
    void parameters_ofTheDirectorysTypes_areAllDescribed() {
        Set<String> english = new TreeSet<>();
        for (String type : DIRECTORY) {
            TestServer.REGISTRY.of(type).stream()
                    .filter(each -> !ParameterRow.description(Language.FR, each).isIn(Language.FR))
                    .forEach(each -> english.add(type + "." + each.code()));
        }

        assertThat(english).isEmpty();
    }

    @Test
    void parameters_all_areOnesThatThereAre() {
        Set<String> known = new TreeSet<>();
        for (String type : DIRECTORY) {
            TestServer.REGISTRY.of(type).forEach(each -> {
                known.add(each.code());
                known.add(type + "." + each.code());
            });
        }

        assertThat(known).containsAll(FrenchWords.PARAMETERS.keys());
    }

    @Test
    void acts_all_haveWords() {
        Set<String> acts = new TreeSet<>(Set.of("transaction"));
        Stream.of(Interaction.values()).map(Interaction::code).forEach(acts::add);
        Stream.of(AdminRoute.values()).map(Enum::name).forEach(acts::add);

        assertThat(FrenchWords.ACTS.keys()).isEqualTo(acts);
    }

    @Test
    void description_inTwoLanguages_isThatOfThePage() {
        SearchParameter both = Objects.requireNonNull(TestServer.REGISTRY.find("Practitioner", "number-smartcard"));

        assertThat(ParameterRow.description(Language.FR, both).text()).startsWith("Numéro de carte");
        assertThat(ParameterRow.description(Language.EN, both).text()).startsWith("Number of a professional");
    }
}
