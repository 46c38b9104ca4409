package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import miroir.index.store.Deadline;
import miroir.index.value.FoldedText;
import miroir.index.value.Trigrams;
import miroir.index.value.WordStarts;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** Which indexes could answer a condition: ways in for each part that has to be met. */
final class FindDrivers {
    /** MongoDB merges the sorted matches of up to 200 values, and reads and sorts beyond; see docs/adr/0005-lists-of-values.md. */
    static final int MERGED_VALUES = 200;

    /** What the fields of folded texts end with, of their words and of their 3-grams. */
    private static final String FOLDED = "-i";

    private static final String WORDS = "-w";

    private static final String GRAMS = "-3g";

    /** So few are rather read than that it is counted who has fewer. */
    static final int FEW = 100;

    private static final int COUNTED_ALTERNATIVES = 3_000;

    /** A deletion has no position. */
    private static final Condition LIVE = new Condition.Range(
            StoredFields.POSITION, List.of(new Condition.Bound(Condition.Comparison.GREATER, new BsonInt64(0))));

    private final TypeIndexes indexes;
    private final CountKeys countKeys;

    FindDrivers(TypeIndexes indexes, CountKeys countKeys) {
        this.indexes = indexes;
        this.countKeys = countKeys;
    }

    /** Every way in; empty where only a walk through the whole type is left. */
    List<Driver> of(String type, Condition condition, Deadline deadline) {
        return parts(condition)
                .flatMap(part -> ofPart(type, part, deadline).stream())
                .toList();
    }

    /** The index in the order of a key; null where there is none. */
    @Nullable
    BsonDocument sortedBy(String type, Order.Key key) {
        if (key.isId()) {
            return TypeIndexes.LIVE_IDS.keys();
        }
        WantedIndex index = indexes.on(type, key.field());
        return index == null ? null : index.keys();
    }

    /** By which parameters a type is sorted from an index. */
    List<String> sorts(String type) {
        return indexes.sorts(type);
    }

    /** All that have to be met, nested conjunctions opened. */
    static Stream<Condition> parts(Condition condition) {
        return condition instanceof Condition.And and
                ? and.parts().stream().flatMap(FindDrivers::parts)
                : Stream.of(condition);
    }

    private List<Driver> ofPart(String type, Condition part, Deadline deadline) {
        if (part instanceof Condition.In in) {
            return ofValues(type, in, deadline);
        }
        if (part instanceof Condition.Text text) {
            return text.anywhere()
                    ? ofGrams(type, text.base(), Trigrams.ofInfix(text.needle()))
                    : ofBeginning(type, text);
        }
        if (part instanceof Condition.Word word) {
            return ofWord(type, word, deadline);
        }
        if (part instanceof Condition.Or or) {
            return ofAlternatives(type, or.parts(), deadline);
        }
        if (part instanceof Condition.StartsWith starts) {
            return unordered(part, indexes.on(type, starts.field()));
        }
        if (part instanceof Condition.Range range) {
            return unordered(part, indexes.on(type, range.field()));
        }
        if (part instanceof Condition.Element element) {
            return ofElement(type, element);
        }
        if (part instanceof Condition.Exists exists) {
            return unordered(anyText(exists.field()), indexes.on(type, exists.field()));
        }
        if (part instanceof Condition.Not not && not.part() instanceof Condition.Exists exists) {
            return ofAbsence(type, exists.field());
        }
        return List.of();
    }

    /**
     * What lacks a field has null in the index on it, and so comes in order of position. Some parameters have their index on another
     * field than the one that tells whether there is a value, but none without it. Deletions lack every field and have no position,
     * so they are neither counted nor walked.
     */
    private List<Driver> ofAbsence(String type, String field) {
        return ofAbsentValue(type, field).stream().toList();
    }

    private Optional<Driver> ofAbsentValue(String type, String field) {
        return Stream.of(
                        field,
                        field.replaceAll("-sysval$", "-value"),
                        field + GRAMS,
                        field + "." + IntervalBounds.END,
                        field + "-min")
                .map(name -> indexes.on(type, name))
                .filter(Objects::nonNull)
                .findFirst()
                .or(() -> indexes.onPartOf(type, field))
                .map(FindDrivers::ofAbsence);
    }

    /** Of a field that holds texts, such as references: whether there is one. Where hardly anybody has one, that leads to them. */
    private static Condition anyText(String field) {
        return new Condition.Range(
                field, List.of(new Condition.Bound(Condition.Comparison.AT_LEAST, new BsonString(""))));
    }

    private static Driver ofAbsence(WantedIndex index) {
        Condition absent = new Condition.Not(new Condition.Exists(index.leadingField()));
        return new Driver(new Condition.And(List.of(absent, LIVE)), index.keys(), true);
    }

    private List<Driver> ofValues(String type, Condition.In in, Deadline deadline) {
        if (in.field().equals(StoredFields.ID)) {
            return List.of(new Driver(in, TypeIndexes.IDS, false));
        }
        if (in.field().equals(StoredFields.POSITION)) {
            return List.of(new Driver(in, ChooseWalk.BY_POSITION, true));
        }
        WantedIndex index = indexes.on(type, in.field());
        return index == null ? ofExactTexts(type, in, deadline) : List.of(ofValues(in, index.keys()));
    }

    private static Driver ofValues(Condition.In in, BsonDocument index) {
        return new Driver(in, index, in.values().size() <= MERGED_VALUES);
    }

    /** A whole text is looked up as a word with all that follows, or found by the 3-grams of what it is when folded. */
    private List<Driver> ofExactTexts(String type, Condition.In in, Deadline deadline) {
        String base = textOf(type, in.field());
        WantedIndex words = indexes.on(type, base + WORDS);
        if ((words == null && indexes.on(type, in.field() + GRAMS) == null)
                || !in.values().stream().allMatch(BsonValue::isString)) {
            return List.of();
        }
        List<String> folded = in.values().stream()
                .map(value -> FoldedText.fold(value.asString().getValue()))
                .distinct()
                .toList();
        if (words != null && !folded.contains("")) {
            List<String> starts = folded.stream().map(WordStarts::cut).toList();
            return List.of(ofValues(Condition.In.texts(words.leadingField(), starts), words.keys()));
        }
        List<Condition> texts = new ArrayList<>();
        folded.forEach(text -> texts.add(new Condition.Text(base, text, false)));
        return ofAlternatives(type, texts, deadline);
    }

    /** Of which text a field is: of itself, or the one of which it is the folded form. */
    private String textOf(String type, String field) {
        boolean isFolded = field.endsWith(FOLDED)
                && indexes.on(type, field + WORDS) == null
                && indexes.on(type, field + GRAMS) == null;
        return isFolded ? field.substring(0, field.length() - FOLDED.length()) : field;
    }

    /** Of one or two letters there is one gram, which leads to nothing else, and in order. */
    private List<Driver> ofBeginning(String type, Condition.Text text) {
        List<Driver> grams = ofGrams(type, text.base(), Trigrams.ofPrefix(text.needle()));
        return grams.size() == 1
                ? grams
                : Stream.concat(byWords(type, text.base(), text.needle()).stream(), grams.stream())
                        .toList();
    }

    /** A word begins the text or follows a space. Which of its grams are rare does not matter where hardly anybody has the word. */
    private List<Driver> ofWord(String type, Condition.Word word, Deadline deadline) {
        Optional<Driver> words = byWords(type, word.base(), word.needle());
        boolean few = words.isPresent() && countKeys.upTo(FEW + 1, type, words.get(), deadline) <= FEW;
        List<Driver> begin = ofGrams(type, word.base(), Trigrams.ofPrefix(word.needle()));
        List<Driver> within = ofGrams(type, word.base(), Trigrams.ofInfix(" " + word.needle()));
        List<List<Driver>> ways = few ? List.of(last(begin), last(within)) : List.of(begin, within);
        return Stream.concat(words.stream(), union(type, ways, deadline).stream())
                .toList();
    }

    private static List<Driver> last(List<Driver> drivers) {
        return drivers.isEmpty() ? drivers : drivers.subList(drivers.size() - 1, drivers.size());
    }

    private Optional<Driver> byWords(String type, String base, String folded) {
        WantedIndex words = indexes.on(type, base + WORDS);
        // MongoDB looks for no beginning in a pattern that has a bar.
        return words == null || folded.isEmpty() || folded.indexOf('|') >= 0
                ? Optional.empty()
                : Optional.of(new Driver(
                        new Condition.StartsWith(words.leadingField(), WordStarts.cut(folded)),
                        words.keys(),
                        false,
                        true));
    }

    private List<Driver> ofGrams(String type, String base, List<String> grams) {
        String field = base + GRAMS;
        WantedIndex index = indexes.on(type, field);
        return index == null
                ? List.of()
                : grams.stream()
                        .map(gram -> ofValues(new Condition.In(field, List.of(new BsonString(gram))), index.keys()))
                        .toList();
    }

    /** The union of the best way into each alternative, where one index serves them all; and that of the ways by words. */
    private List<Driver> ofAlternatives(String type, List<Condition> alternatives, Deadline deadline) {
        List<List<Driver>> byWords = new ArrayList<>();
        List<List<Driver>> others = new ArrayList<>();
        for (Condition alternative : alternatives) {
            List<Driver> ways = of(type, alternative, deadline);
            if (ways.isEmpty()) {
                return List.of();
            }
            Map<Boolean, List<Driver>> parted =
                    ways.stream().collect(Collectors.partitioningBy(FindDrivers::isByWords));
            byWords.add(parted.getOrDefault(true, List.of()));
            others.add(parted.getOrDefault(false, List.of()));
        }
        Optional<Driver> other = union(type, others, deadline);
        return Stream.concat(
                        union(type, byWords, deadline).stream().map(words -> words.forFew(other.isPresent())),
                        other.stream())
                .toList();
    }

    private static boolean isByWords(Driver driver) {
        return driver.index().getFirstKey().endsWith(WORDS);
    }

    private Optional<Driver> union(String type, List<List<Driver>> ways, Deadline deadline) {
        if (ways.isEmpty() || ways.stream().anyMatch(List::isEmpty)) {
            return Optional.empty();
        }
        List<Driver> best =
                ways.stream().map(drivers -> rarest(type, drivers, deadline)).toList();
        boolean oneIndex = best.stream().map(Driver::index).distinct().count() == 1;
        return oneIndex ? Optional.of(union(best)) : Optional.empty();
    }

    private Driver rarest(String type, List<Driver> drivers, Deadline deadline) {
        Driver rarest = drivers.get(0);
        if (drivers.size() == 1) {
            return rarest;
        }
        long fewest = COUNTED_ALTERNATIVES;
        for (Driver driver : drivers) {
            long count = fewest <= FEW ? fewest : countKeys.upTo(fewest, type, driver, deadline);
            if (count < fewest) {
                rarest = driver;
                fewest = count;
            }
        }
        return rarest;
    }

    private static Driver union(List<Driver> drivers) {
        BsonDocument index = drivers.get(0).index();
        List<BsonValue> values = new ArrayList<>();
        for (Driver driver : drivers) {
            if (driver.keys() instanceof Condition.In in) {
                values.addAll(in.values());
            } else {
                return new Driver(
                        new Condition.Or(drivers.stream().map(Driver::keys).toList()), index, false);
            }
        }
        Condition.In union =
                new Condition.In(index.getFirstKey(), values.stream().distinct().toList());
        return index.equals(TypeIndexes.IDS) ? new Driver(union, index, false) : ofValues(union, index);
    }

    private List<Driver> ofElement(String type, Condition.Element element) {
        List<Driver> drivers = new ArrayList<>();
        parts(element.condition()).forEach(part -> {
            if (part instanceof Condition.In in) {
                WantedIndex index = indexes.on(type, element.field() + "." + in.field());
                if (index != null) {
                    drivers.add(new Driver(
                            new Condition.Element(element.field(), in),
                            index.keys(),
                            in.values().size() <= MERGED_VALUES));
                }
            }
        });
        IntervalBounds bounds = IntervalBounds.of(element.condition());
        // First: of as many matches it passes over nothing, where the index of beginnings has all that has not ended.
        if (bounds.boundEnd() && bounds.startLow() == null) {
            drivers.addAll(unordered(
                    new Condition.Element(element.field(), bounds.onEnd()),
                    indexes.on(type, element.field() + "." + IntervalBounds.END)));
        }
        if (bounds.boundStart()) {
            drivers.addAll(unordered(
                    new Condition.Element(element.field(), bounds.onBoth()),
                    indexes.on(type, element.field() + "." + IntervalBounds.START)));
        }
        return drivers;
    }

    private static List<Driver> unordered(Condition keys, @Nullable WantedIndex index) {
        return index == null ? List.of() : List.of(new Driver(keys, index.keys(), false));
    }
}
