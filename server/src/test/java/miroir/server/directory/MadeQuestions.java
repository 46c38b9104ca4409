package miroir.server.directory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.path.RawValue;
import miroir.index.value.FoldedText;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Makes questions about people of a made-up directory, each as somebody would ask who knows one person and not how the search works. Whom a question is about
 * is fixed before it is written; it is asked of those only whom nobody else is called like, as far as the question goes.
 */
final class MadeQuestions {
    private static final int TRIES = 20_000;

    private final Random random;
    private final List<Known> people = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    /** Somebody, and where they work. */
    record Known(
            String rpps,
            String family,
            List<String> given,
            List<String> codes,
            List<String> mailboxes,
            List<Place> places) {
        boolean isSame(Known other) {
            return rpps.equals(other.rpps);
        }

        String first() {
            return given.get(0);
        }

        String foldedFamily() {
            return FoldedText.fold(family);
        }

        String foldedFirst() {
            return FoldedText.fold(first());
        }
    }

    /** A place where somebody works. */
    record Place(String name, String city, String postalCode, String insee, String street) {}

    MadeQuestions(Directory directory, long seed) {
        this.random = new Random(seed);
        Map<String, Place> places = new HashMap<>();
        directory
                .resources(Kind.ORGANIZATION)
                .forEach(each -> place(each).ifPresent(place -> places.put(id(each), place)));
        Map<String, List<Place>> works = new LinkedHashMap<>();
        directory
                .resources(Kind.PRACTITIONER_ROLE)
                .filter(MadeQuestions::isActive)
                .forEach(role -> {
                    Place place = places.get(reference(role, "organization"));
                    if (place != null) {
                        works.computeIfAbsent(reference(role, "practitioner"), key -> new ArrayList<>())
                                .add(place);
                    }
                });
        directory
                .resources(Kind.PRACTITIONER)
                .filter(MadeQuestions::isActive)
                .forEach(each -> person(each, works.getOrDefault(id(each), List.of())));
    }

    /** The list: what is tried, the question, who is asked for. */
    String list() {
        lines.add("# what is tried\tquestion\tRPPS of who is asked for\twho that is");
        names();
        errors();
        places();
        others();
        return String.join("\n", lines) + "\n";
    }

    // --- names alone

    private void names() {
        Predicate<Known> alone = this::hasNameAlone;
        ask("surname and given name, as stored", 12, alone, each -> "name=" + each.family() + " " + each.first());
        ask(
                "given name and surname",
                12,
                alone,
                each -> "name=" + capital(each.first()) + " " + capital(each.family()));
        ask(
                "all small letters",
                6,
                alone,
                each -> "name=" + (each.first() + " " + each.family()).toLowerCase(Locale.ROOT));
        ask(
                "without accents",
                12,
                alone.and(each -> !isPlain(each.family() + each.first())),
                each -> "name=" + plain(each.first()) + " " + plain(each.family()));
        ask(
                "accents where none are stored",
                3,
                alone.and(each -> each.foldedFirst().contains("e") && isPlain(each.first())),
                each -> "name=" + each.first().toLowerCase(Locale.ROOT).replaceFirst("e", "é") + " " + each.family());
        ask(
                "hyphens as spaces",
                8,
                alone.and(each -> (each.family() + each.first()).contains("-")),
                each -> "name=" + (each.family() + " " + each.first()).replace('-', ' '));
        ask(
                "hyphens for spaces",
                3,
                alone.and(each -> each.family().contains(" ")),
                each -> "name=" + each.family().replace(' ', '-') + " " + each.first());
        ask(
                "particle and name",
                6,
                alone.and(MadeQuestions::hasParticle),
                each -> "name=" + capital(each.first()) + " " + each.family().toLowerCase(Locale.ROOT));
        ask(
                "without the particle",
                6,
                alone.and(MadeQuestions::hasParticle)
                        .and(each -> isAlone(each, withoutParticle(each), each.foldedFirst())),
                each -> "name=" + each.first() + " " + withoutParticle(each));
        ask(
                "surname and given name, each where it belongs",
                6,
                alone,
                each -> "family=" + each.family() + "&given=" + each.first());
        ask(
                "surname and given name in each other's place",
                8,
                alone,
                each -> "family=" + each.first() + "&given=" + each.family());
        ask(
                "title before the name",
                3,
                alone,
                each -> "name=Dr " + capital(each.first()) + " " + capital(each.family()));
        ask(
                "beginnings of both",
                6,
                alone.and(each -> each.foldedFamily().length() > 5
                                && each.foldedFirst().length() > 5)
                        .and(each -> beginLikewise(each) == 1),
                each -> "name=" + each.foldedFirst().substring(0, 4) + " "
                        + each.foldedFamily().substring(0, 5));
        ask(
                "second given name",
                4,
                alone.and(each -> each.given().size() > 1)
                        .and(each -> people.stream()
                                        .filter(other -> other.foldedFamily().equals(each.foldedFamily()))
                                        .filter(other -> other.given()
                                                .contains(each.given().get(1)))
                                        .count()
                                == 1),
                each -> "name=" + each.given().get(1) + " " + each.family());
    }

    // --- typing errors

    private void errors() {
        Predicate<Known> alone = this::hasNameAlone;
        Predicate<Known> longer = alone.and(each -> each.foldedFamily().length() > 4 && isOneWord(each));
        List<BiFunction<String, Random, String>> errors =
                List.of(MadeQuestions::missing, MadeQuestions::tooMany, MadeQuestions::other, MadeQuestions::swapped);
        List<String> names = List.of("a letter missing", "a letter too many", "another letter", "two letters swapped");
        for (int i = 0; i < errors.size(); i++) {
            BiFunction<String, Random, String> error = errors.get(i);
            ask(
                    "typing error in the surname: " + names.get(i),
                    6,
                    longer,
                    each -> "name=" + capital(each.first()) + " " + capital(error.apply(each.foldedFamily(), random))
                            + "&fuzzy=true");
            ask(
                    "typing error in the given name: " + names.get(i),
                    3,
                    alone.and(each -> each.foldedFirst().length() > 4),
                    each -> "name=" + each.family() + " " + error.apply(each.foldedFirst(), random) + "&fuzzy=true");
            ask(
                    "typing error in family, with given: " + names.get(i),
                    2,
                    longer,
                    each -> "family=" + error.apply(each.foldedFamily(), random) + "&given=" + each.first()
                            + "&fuzzy=true");
        }
    }

    // --- where somebody works

    private void places() {
        Predicate<Known> works = each -> each.places().size() == 1;
        Function<Known, Place> at = each -> each.places().get(0);
        ask(
                "initial and surname, with the town",
                10,
                works.and(each -> is(
                        each,
                        other -> other.foldedFamily().equals(each.foldedFamily())
                                && other.foldedFirst().charAt(0)
                                        == each.foldedFirst().charAt(0)
                                && worksIn(other, at.apply(each).city()))),
                each -> "name=" + each.first().charAt(0) + ". " + capital(each.family()) + "&city="
                        + capital(at.apply(each).city()));
        ask(
                "surname and town",
                10,
                works.and(each -> is(
                        each,
                        other -> other.foldedFamily().equals(each.foldedFamily())
                                && worksIn(other, at.apply(each).city()))),
                each -> "name=" + each.family() + "&city="
                        + plain(at.apply(each).city()).toLowerCase(Locale.ROOT));
        ask(
                "surname and town, with a typing error in the town",
                5,
                works.and(each -> at.apply(each).city().length() > 5
                        && is(
                                each,
                                other -> other.foldedFamily().equals(each.foldedFamily())
                                        && worksIn(other, at.apply(each).city()))),
                each -> "family=" + each.family() + "&city="
                        + swapped(FoldedText.fold(at.apply(each).city()), random) + "&fuzzy=true");
        ask(
                "surname and postal code",
                6,
                works.and(each -> is(
                        each,
                        other -> other.foldedFamily().equals(each.foldedFamily())
                                && other.places().stream()
                                        .anyMatch(place -> place.postalCode()
                                                .equals(at.apply(each).postalCode())))),
                each -> "name=" + capital(each.family()) + "&postalcode="
                        + at.apply(each).postalCode());
        ask(
                "surname and municipality",
                3,
                works.and(each -> is(
                        each,
                        other -> other.foldedFamily().equals(each.foldedFamily())
                                && other.places().stream()
                                        .anyMatch(place -> place.insee()
                                                .equals(at.apply(each).insee())))),
                each -> "family=" + each.family() + "&insee=" + at.apply(each).insee());
        ask(
                "surname and organization",
                10,
                works.and(each -> !at.apply(each).name().startsWith("CABINET")
                        && is(
                                each,
                                other -> other.foldedFamily().equals(each.foldedFamily())
                                        && other.places().stream()
                                                .anyMatch(place -> place.name()
                                                        .equals(at.apply(each).name())))),
                each -> "family=" + each.family() + "&organization="
                        + capital(plain(at.apply(each).name())));
        ask(
                "given name, street and town",
                6,
                works.and(each -> !at.apply(each).street().isEmpty()
                        && is(
                                each,
                                other -> other.foldedFirst().equals(each.foldedFirst())
                                        && other.places().stream()
                                                .anyMatch(place -> place.city()
                                                                .equals(at.apply(each)
                                                                        .city())
                                                        && place.street()
                                                                .equals(at.apply(each)
                                                                        .street())))),
                each -> "given=" + each.first() + "&street=12 rue "
                        + capital(at.apply(each).street()) + "&city="
                        + at.apply(each).city());
    }

    // --- what else is known

    private void others() {
        ask(
                "surname and specialty",
                6,
                each -> each.codes().stream().anyMatch(code -> code.startsWith("SM"))
                        && is(
                                each,
                                other -> other.foldedFamily().equals(each.foldedFamily())
                                        && other.codes().contains(specialty(each))),
                each -> "name=" + each.family() + "&specialty=" + specialty(each));
        ask(
                "given name, specialty and town",
                5,
                each -> each.places().size() == 1
                        && each.codes().stream().anyMatch(code -> code.startsWith("SM"))
                        && is(
                                each,
                                other -> other.foldedFirst().equals(each.foldedFirst())
                                        && other.codes().contains(specialty(each))
                                        && worksIn(other, each.places().get(0).city())),
                each -> "given=" + capital(each.first()) + "&specialty=" + specialty(each) + "&city="
                        + each.places().get(0).city());
        ask(
                "mailbox",
                6,
                each -> each.mailboxes().size() == 1,
                each -> "mss=" + each.mailboxes().get(0));
        ask("RPPS", 4, each -> true, each -> "identifier=" + each.rpps());
        ask("RPPS with its system", 2, each -> true, each -> "identifier=https://rpps.esante.gouv.fr|" + each.rpps());
    }

    // --- how a question is made

    private void ask(String what, int wanted, Predicate<Known> about, Function<Known, String> question) {
        List<String> made = new ArrayList<>();
        for (int tries = 0; made.size() < wanted && tries < TRIES; tries++) {
            Known person = people.get(random.nextInt(people.size()));
            if (about.test(person)) {
                String line = String.join(
                        "\t",
                        what,
                        question.apply(person),
                        person.rpps(),
                        person.family() + " " + String.join(" ", person.given()));
                if (!made.contains(line)) {
                    made.add(line);
                }
            }
        }
        lines.addAll(made);
    }

    private boolean is(Known one, Predicate<Known> alike) {
        return people.stream().filter(alike).allMatch(one::isSame);
    }

    private boolean hasNameAlone(Known one) {
        return isAlone(one, one.foldedFamily(), one.foldedFirst());
    }

    private boolean isAlone(Known one, String family, String first) {
        return is(
                one,
                other -> (one.isSame(other) || other.foldedFamily().equals(FoldedText.fold(family)))
                        && other.given().stream()
                                .anyMatch(given -> FoldedText.fold(given).equals(first)));
    }

    private long beginLikewise(Known one) {
        return people.stream()
                .filter(other ->
                        other.foldedFamily().startsWith(one.foldedFamily().substring(0, 5)))
                .filter(other -> other.given().stream()
                        .anyMatch(given -> FoldedText.fold(given)
                                .startsWith(one.foldedFirst().substring(0, 4))))
                .count();
    }

    private static boolean worksIn(Known one, String city) {
        return one.places().stream().anyMatch(place -> place.city().equals(city));
    }

    private static String specialty(Known one) {
        return one.codes().stream()
                .filter(code -> code.startsWith("SM"))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isOneWord(Known one) {
        return !one.foldedFamily().contains(" ") && !one.foldedFamily().contains("'");
    }

    private static boolean hasParticle(Known one) {
        return Stream.of("LE ", "DE LA ", "VAN DEN ", "DU ")
                .anyMatch(one.family().toUpperCase(Locale.ROOT)::startsWith);
    }

    private static String withoutParticle(Known one) {
        return one.family().replaceFirst("(?i)^(LE|DE LA|VAN DEN|DU) ", "");
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(letter -> letter < 0x80);
    }

    private static String plain(String text) {
        return java.text.Normalizer.normalize(text, java.text.Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replace("Œ", "OE")
                .replace("œ", "oe");
    }

    private static String capital(String text) {
        return Stream.of(text.toLowerCase(Locale.ROOT).split("(?<=[ '-])", -1))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    private static String missing(String text, Random random) {
        int at = random.nextInt(text.length());
        return text.substring(0, at) + text.substring(at + 1);
    }

    private static String tooMany(String text, Random random) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + letter(random) + text.substring(at);
    }

    private static String other(String text, Random random) {
        int at = random.nextInt(text.length());
        return text.substring(0, at) + letter(random) + text.substring(at + 1);
    }

    private static String swapped(String text, Random random) {
        int at = random.nextInt(text.length() - 1);
        return text.substring(0, at) + text.charAt(at + 1) + text.charAt(at) + text.substring(at + 2);
    }

    private static char letter(Random random) {
        return (char) ('a' + random.nextInt(26));
    }

    // --- what is stored

    private void person(RawBsonDocument practitioner, List<Place> places) {
        RawValue resource = RawValue.of(practitioner);
        if (resource.all("name").isEmpty()) {
            return;
        }
        RawValue name = resource.all("name").get(0);
        people.add(new Known(
                Objects.requireNonNull(resource.all("identifier").get(1).text("value")),
                Objects.requireNonNull(name.text("family")),
                name.all("given").stream()
                        .map(each -> Objects.requireNonNull(each.text()))
                        .toList(),
                resource.all("qualification").stream()
                        .flatMap(MadeQuestions::codes)
                        .toList(),
                resource.all("telecom").stream()
                        .map(each -> Objects.requireNonNull(each.text("value")))
                        .toList(),
                places));
    }

    private static Stream<String> codes(RawValue qualification) {
        return Objects.requireNonNull(qualification.get("code")).all("coding").stream()
                .map(coding -> Objects.requireNonNull(coding.text("code")));
    }

    private static java.util.Optional<Place> place(RawBsonDocument organization) {
        RawValue resource = RawValue.of(organization);
        String name = resource.text("name");
        if (name == null || resource.all("address").isEmpty()) {
            return java.util.Optional.empty();
        }
        RawValue address = resource.all("address").get(0);
        return java.util.Optional.of(new Place(
                name,
                Objects.requireNonNull(address.text("city")).replaceFirst("^[0-9]{5} ", ""),
                Objects.requireNonNull(address.text("postalCode")),
                Objects.requireNonNull(
                        Objects.requireNonNull(address.all("extension").get(0).get("valueCoding"))
                                .text("code")),
                street(address)));
    }

    private static String street(RawValue address) {
        return address.all("_line").stream()
                .flatMap(line -> line.all("extension").stream())
                .filter(part -> String.valueOf(part.text("url")).endsWith("streetNameBase"))
                .map(part -> Objects.requireNonNull(part.text("valueString")))
                .findFirst()
                .orElse("");
    }

    private static String id(RawBsonDocument resource) {
        return resource.getString("resourceType").getValue() + "/"
                + resource.getString("id").getValue();
    }

    private static @Nullable String reference(RawBsonDocument resource, String element) {
        RawValue reference = RawValue.of(resource).get(element);
        return reference == null ? null : reference.text("reference");
    }

    private static boolean isActive(RawBsonDocument resource) {
        return resource.getBoolean("active").getValue();
    }
}
