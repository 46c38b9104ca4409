package miroir.server.reports;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * How many resources each check has looked at, and with how many something is wrong, by their types. It is kept as the MeasureReport that it is shown as.
 *
 * @param begun when the first resource was looked at
 * @param ended when the last one was
 * @param copied as of when the copies were, by type, when it was begun
 * @param counts by the code of the check and the type
 */
record QualityReport(
        Instant begun, Instant ended, Map<String, Instant> copied, Map<String, Map<String, Count>> counts) {
    static final String KIND = "quality";
    private static final String POPULATIONS = "http://terminology.hl7.org/CodeSystem/measure-population";
    private static final String LOOKED_AT = "denominator";
    private static final String FOUND = "numerator";
    private static final String NOTATION = "http://terminology.hl7.org/CodeSystem/measure-improvement-notation";
    private static final String COPIED = "urn:miroir:copied";
    private static final String TYPE = "type";
    private static final String AS_OF = "asOf";
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    QualityReport {
        copied = Map.copyOf(copied);
        counts = Map.copyOf(counts);
    }

    /** Whether anything was looked at. */
    boolean isOfSomething() {
        return counts.values().stream()
                .flatMap(byType -> byType.values().stream())
                .anyMatch(count -> count.lookedAt() > 0);
    }

    /** How many were looked at, and how many of these were found. */
    record Count(long lookedAt, long found) {
        static final Count NONE = new Count(0, 0);

        Count and(Count other) {
            return new Count(lookedAt + other.lookedAt, found + other.found);
        }

        /** In per cent, to two digits; null where nothing was looked at. */
        @Nullable
        BigDecimal share() {
            return lookedAt == 0
                    ? null
                    : BigDecimal.valueOf(found)
                            .multiply(HUNDRED)
                            .divide(BigDecimal.valueOf(lookedAt), 2, RoundingMode.HALF_UP);
        }
    }

    /** What a check found in all types. */
    Count of(Check check) {
        return byType(check).values().stream().reduce(Count.NONE, Count::and);
    }

    Map<String, Count> byType(Check check) {
        return counts.getOrDefault(check.code(), Map.of());
    }

    /**
     * As a resource.
     *
     * @param lists where what was found can be downloaded; null: it is not said
     */
    BsonDocument resource(@Nullable String lists) {
        BsonArray groups = new BsonArray();
        for (Check check : Checks.ALL) {
            groups.add(group(check, lists));
        }
        BsonDocument report = new BsonDocument("resourceType", new BsonString("MeasureReport"))
                .append("id", new BsonString("directory-quality"))
                .append("language", new BsonString("en"));
        if (!copied.isEmpty()) {
            report.append("extension", copies());
        }
        return report.append("status", new BsonString("complete"))
                .append("type", new BsonString("summary"))
                .append("measure", new BsonString("urn:miroir:measure:directory-quality"))
                .append("date", new BsonString(ended.toString()))
                .append(
                        "period",
                        new BsonDocument("start", new BsonString(begun.toString()))
                                .append("end", new BsonString(ended.toString())))
                .append("improvementNotation", concept(NOTATION, "decrease"))
                .append("group", groups);
    }

    private BsonArray copies() {
        BsonArray copies = new BsonArray();
        new TreeMap<>(copied)
                .forEach((type, asOf) -> copies.add(new BsonDocument("url", new BsonString(COPIED))
                        .append(
                                "extension",
                                new BsonArray(List.of(
                                        new BsonDocument("url", new BsonString(TYPE))
                                                .append("valueCode", new BsonString(type)),
                                        new BsonDocument("url", new BsonString(AS_OF))
                                                .append("valueInstant", new BsonString(asOf.toString())))))));
        return copies;
    }

    private BsonDocument group(Check check, @Nullable String lists) {
        BsonDocument group = new BsonDocument();
        if (lists != null) {
            group.append(
                    "extension",
                    list(new BsonDocument("url", new BsonString("urn:miroir:list"))
                            .append("valueUrl", new BsonString(lists + "/" + check.code() + ".csv"))));
        }
        group.append("code", concept("urn:miroir:quality", check.code()).append("text", text(check)));
        append(group, of(check));
        BsonArray strata = new BsonArray();
        new TreeMap<>(byType(check)).forEach((type, count) -> {
            BsonDocument stratum = new BsonDocument("value", new BsonDocument("text", new BsonString(type)));
            append(stratum, count);
            strata.add(stratum);
        });
        if (!strata.isEmpty()) {
            group.append(
                    "stratifier",
                    list(new BsonDocument(
                                    "code", new BsonArray(List.of(new BsonDocument("text", new BsonString(TYPE)))))
                            .append("stratum", strata)));
        }
        return group;
    }

    private static BsonString text(Check check) {
        return new BsonString(check.title().english());
    }

    private static void append(BsonDocument parent, Count count) {
        parent.append(
                "population",
                new BsonArray(List.of(population(LOOKED_AT, count.lookedAt()), population(FOUND, count.found()))));
        BigDecimal share = count.share();
        if (share != null) {
            parent.append(
                    "measureScore",
                    new BsonDocument("value", new BsonDecimal128(new Decimal128(share)))
                            .append("unit", new BsonString("%"))
                            .append("system", new BsonString("http://unitsofmeasure.org"))
                            .append("code", new BsonString("%")));
        }
    }

    private static BsonDocument population(String code, long count) {
        return new BsonDocument("code", concept(POPULATIONS, code)).append("count", new BsonInt64(count));
    }

    private static BsonDocument concept(String system, String code) {
        return new BsonDocument(
                "coding",
                list(new BsonDocument("system", new BsonString(system)).append("code", new BsonString(code))));
    }

    private static BsonArray list(BsonDocument one) {
        return new BsonArray(List.of(one));
    }

    /** The report that was kept as this. */
    static QualityReport of(BsonDocument resource) {
        BsonDocument period = resource.getDocument("period");
        Map<String, Map<String, Count>> counts = new LinkedHashMap<>();
        for (BsonDocument group : documents(resource, "group")) {
            Map<String, Count> byType = new TreeMap<>();
            for (BsonDocument stratifier : documents(group, "stratifier")) {
                for (BsonDocument stratum : documents(stratifier, "stratum")) {
                    byType.put(stratum.getDocument("value").getString("text").getValue(), count(stratum));
                }
            }
            counts.put(code(group), byType);
        }
        Map<String, Instant> copied = new TreeMap<>();
        for (BsonDocument copy : documents(resource, "extension")) {
            List<BsonDocument> parts = documents(copy, "extension");
            copied.put(parts.get(0).getString("valueCode").getValue(), instant(parts.get(1), "valueInstant"));
        }
        return new QualityReport(instant(period, "start"), instant(period, "end"), copied, counts);
    }

    private static Count count(BsonDocument stratum) {
        Map<String, Long> counts = new TreeMap<>();
        documents(stratum, "population")
                .forEach(each -> counts.put(code(each), each.getNumber("count").longValue()));
        return new Count(Objects.requireNonNull(counts.get(LOOKED_AT)), Objects.requireNonNull(counts.get(FOUND)));
    }

    private static String code(BsonDocument group) {
        BsonDocument coding = documents(group.getDocument("code"), "coding").get(0);
        return coding.getString("code").getValue();
    }

    private static Instant instant(BsonDocument period, String name) {
        return Instant.parse(period.getString(name).getValue());
    }

    private static List<BsonDocument> documents(BsonDocument parent, String name) {
        List<BsonDocument> documents = new ArrayList<>();
        for (BsonValue each : parent.getArray(name, new BsonArray())) {
            documents.add(each.asDocument());
        }
        return documents;
    }
}
