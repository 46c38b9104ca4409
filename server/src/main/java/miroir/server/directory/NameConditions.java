package miroir.server.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;
import org.jspecify.annotations.Nullable;

/** What a practitioner has to meet to be called as is asked. */
public final class NameConditions {
    private final AskedPerson asked;
    private final TextFields name;
    private final TextFields family;
    private final TextFields given;

    /** By the parameters of practitioners that have these names. */
    public NameConditions(AskedPerson asked, SearchParameter name, SearchParameter family, SearchParameter given) {
        this.asked = asked;
        this.name = new TextFields(name);
        this.family = new TextFields(family);
        this.given = new TextFields(given);
    }

    /** All words are there, or begin words that are, surname and given name perhaps in each other's place. */
    public Condition alike() {
        return both(this::alikeAnywhere, this::alikeParts);
    }

    /** The same of those in which the words are whole names. */
    public Condition exactly() {
        List<Condition> exact = new ArrayList<>(List.of(alike()));
        AskedName anywhere = asked.name();
        if (anywhere != null) {
            anywhere.words().forEach(word -> exact.add(name.is(word.wholes())));
        }
        exact.addAll(ofPart(asked.family(), each -> family.is(wholes(each))).toList());
        exact.addAll(ofPart(asked.given(), each -> given.is(wholes(each))).toList());
        return new Condition.And(exact);
    }

    /** One word of each is alike but for one error, or all are alike; empty where no word is long enough for an error. */
    public Optional<Condition> nearly() {
        boolean isPossible = Stream.of(asked.name(), asked.family(), asked.given())
                .flatMap(Stream::ofNullable)
                .flatMap(each -> each.words().stream())
                .anyMatch(TextFields::mayHaveError);
        return isPossible ? Optional.of(both(this::nearlyAnywhere, this::nearlyParts)) : Optional.empty();
    }

    private Condition both(Function<AskedName, Condition> ofName, Supplier<Condition> ofParts) {
        List<Condition> parts = new ArrayList<>();
        if (asked.name() != null) {
            parts.add(ofName.apply(asked.name()));
        }
        if (asked.family() != null || asked.given() != null) {
            parts.add(ofParts.get());
        }
        return TextFields.all(parts);
    }

    // --- words anywhere

    private Condition alikeAnywhere(AskedName asked) {
        return new Condition.And(Stream.concat(
                        words(asked, name), asked.initials().stream().map(each -> initial(asked, each)))
                .toList());
    }

    /** Whose initial it is tells nobody; only where there is nothing else it has to lead. */
    private Condition initial(AskedName asked, String letter) {
        if (asked.words().isEmpty()) {
            return name.hasWord(letter);
        }
        return new Condition.Or(List.of(given.hasWord(letter), family.hasWord(letter)));
    }

    private Condition nearlyAnywhere(AskedName asked) {
        List<Condition> initials =
                asked.initials().stream().map(each -> initial(asked, each)).toList();
        List<Condition> ways = nearlyByWord(asked, name, initials);
        return ways.isEmpty() ? alikeAnywhere(asked) : any(ways);
    }

    // --- surname and given name

    private Condition alikeParts() {
        Condition straight = parts(asked.family(), asked.given());
        return asked.family() == null || asked.given() == null
                ? straight
                : new Condition.Or(List.of(straight, parts(asked.given(), asked.family())));
    }

    private Condition parts(@Nullable AskedName asFamily, @Nullable AskedName asGiven) {
        return TextFields.all(Stream.concat(
                        ofPart(asFamily, each -> part(each, family)), ofPart(asGiven, each -> part(each, given)))
                .toList());
    }

    private Condition nearlyParts() {
        return TextFields.all(Stream.concat(
                        ofPart(asked.family(), each -> alikeOrNearly(each, family)),
                        ofPart(asked.given(), each -> alikeOrNearly(each, given)))
                .toList());
    }

    private static Condition alikeOrNearly(AskedName asked, TextFields field) {
        List<Condition> ways = new ArrayList<>(List.of(part(asked, field)));
        ways.addAll(nearlyByWord(asked, field, List.of()));
        if (asked.words().size() > 1) {
            ways.add(field.isNearly(List.of(asked.text())));
        }
        return any(ways);
    }

    private static Condition part(AskedName asked, TextFields field) {
        return TextFields.all(
                Stream.concat(words(asked, field), asked.initials().stream().map(field::hasWord))
                        .toList());
    }

    private static Stream<Condition> ofPart(@Nullable AskedName asked, Function<AskedName, Condition> of) {
        return Stream.ofNullable(asked).map(of);
    }

    // --- both

    private static Stream<Condition> words(AskedName asked, TextFields field) {
        return asked.words().stream().map(field::hasWord);
    }

    /** For each word that it may have the error, and that all others are right. */
    private static List<Condition> nearlyByWord(AskedName asked, TextFields field, List<Condition> initials) {
        List<Condition> ways = new ArrayList<>();
        for (AskedName.Word word : asked.words()) {
            if (TextFields.mayHaveError(word)) {
                List<Condition> parts = new ArrayList<>(List.of(field.isNearly(word.wholes())));
                asked.words().stream()
                        .filter(other -> !other.equals(word) && !isInSameName(word, other))
                        .forEach(other -> parts.add(field.hasWord(other)));
                parts.addAll(initials);
                ways.add(TextFields.all(parts));
            }
        }
        return ways;
    }

    private static Condition any(List<Condition> ways) {
        return ways.size() == 1 ? ways.get(0) : new Condition.Or(ways);
    }

    /** Of {@code jean-pierre} either half may be wrong, and the other is in the same name. */
    private static boolean isInSameName(AskedName.Word word, AskedName.Word other) {
        return word.wholes().size() > 1 && other.wholes().contains(word.wholes().get(1));
    }

    private static List<String> wholes(AskedName asked) {
        return Stream.concat(
                        Stream.of(asked.text()),
                        asked.words().size() == 1 ? asked.words().get(0).wholes().stream() : Stream.of())
                .distinct()
                .toList();
    }
}
