package miroir.server.admin;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.server.pipeline.Exchange;
import miroir.storage.sync.Command;
import miroir.storage.sync.Command.Verb;
import miroir.storage.sync.Definition;
import miroir.storage.sync.KnownSource;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import miroir.storage.sync.Schedule;
import miroir.storage.sync.SourceDefinition;
import miroir.storage.sync.Synchronisation;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * What administrators see of sources and synchronisations, and have done with them. A server does nothing of it: it puts up a command, and
 * whoever leads obeys within seconds. What cannot be is refused here, where somebody waits for the answer.
 */
public final class SynchronisationActions {
    private static final int RUNS_SHOWN = 100;
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(1);
    private static final Pattern LENGTH = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d)");
    private static final Pattern SHARE = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3})?)\\s*%");
    private static final Pattern PROXY = Pattern.compile("[A-Za-z0-9.-]{1,200}:[0-9]{1,5}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,60}");

    private final @Nullable Register register;
    private final Set<String> types;
    private final InstantSource clock;

    /**
     * Those of a register.
     *
     * @param register null: there is none, as in tests that need none
     * @param types that can be copied
     */
    public SynchronisationActions(@Nullable Register register, Set<String> types, InstantSource clock) {
        this.register = register;
        this.types = Set.copyOf(types);
        this.clock = clock;
    }

    AdminAnswer answer(Exchange exchange, AdminBody body, long version) {
        String name = exchange.adminCall().name();
        return switch (exchange.adminCall().route()) {
            case LIST_SOURCES ->
                AdminAnswer.of(new BsonDocument(
                        "sources",
                        register().sources().stream()
                                .map(DescribeSynchronisation::source)
                                .collect(AdminAnswer.list())));
            case GET_SOURCE -> shown(source(name));
            case ADD_SOURCE -> addSource(exchange, body);
            case PUT_SOURCE -> putSource(name, body, version);
            case DELETE_SOURCE -> deleteSource(name, version);
            case TRY_SOURCE -> asked(source(name).name(), Verb.TRY_SOURCE);
            case LIST_SYNCHRONISATIONS ->
                AdminAnswer.of(new BsonDocument(
                        "synchronisations",
                        register().all().stream().map(this::described).collect(AdminAnswer.list())));
            case GET_SYNCHRONISATION -> shown(synchronisation(name));
            case ADD_SYNCHRONISATION -> addSynchronisation(exchange, body);
            case PUT_SYNCHRONISATION -> putSynchronisation(name, body, version);
            case DELETE_SYNCHRONISATION -> deleteSynchronisation(name, version);
            case START_SYNCHRONISATION -> asked(synchronisation(name).name(), Verb.START);
            case FULL_SYNCHRONISATION -> asked(synchronisation(name).name(), Verb.FULL);
            case STOP_SYNCHRONISATION -> asked(synchronisation(name).name(), Verb.STOP);
            case CONFIRM_SYNCHRONISATION -> confirm(synchronisation(name));
            case LIST_RUNS ->
                AdminAnswer.of(new BsonDocument(
                        "runs",
                        register().runs(synchronisation(name).name(), RUNS_SHOWN).stream()
                                .map(DescribeSynchronisation::run)
                                .collect(AdminAnswer.list())));
            case GET_RUN -> run(name);
            default -> throw new IllegalArgumentException(exchange.adminCall().route() + " is about something else");
        };
    }

    private Register register() {
        if (register == null) {
            throw new Refusal(Refusal.Reason.NOT_FOUND, "this server knows of no synchronisations");
        }
        return register;
    }

    private BsonDocument described(Synchronisation each) {
        return DescribeSynchronisation.synchronisation(
                each, register().run(each.run()).orElse(null), clock.instant());
    }

    private AdminAnswer shown(Synchronisation known) {
        return new AdminAnswer(200, known.definition().version(), described(known));
    }

    private static AdminAnswer shown(KnownSource known) {
        return new AdminAnswer(200, known.definition().version(), DescribeSynchronisation.source(known));
    }

    private AdminAnswer run(String id) {
        Run run = register()
                .run(id)
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.NOT_FOUND, "there is no run \"" + Refusal.shown(id) + "\" any more"));
        return AdminAnswer.of(DescribeSynchronisation.run(run)
                .append("phases", DescribeSynchronisation.phases(run))
                .append("rejections", DescribeSynchronisation.rejections(run))
                .append("log", DescribeSynchronisation.log(run)));
    }

    private Synchronisation synchronisation(String dotted) {
        return register()
                .find(dotted.replace('.', '/'))
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.NOT_FOUND,
                        "there is no synchronisation \"" + Refusal.shown(dotted) + "\"; there are "
                                + Refusal.shown(String.join(
                                        ", ",
                                        register().all().stream()
                                                .map(Synchronisation::name)
                                                .map(DescribeSynchronisation::dotted)
                                                .toList()))));
    }

    private KnownSource source(String name) {
        return register()
                .source(name)
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.NOT_FOUND,
                        "there is no source \"" + Refusal.shown(name) + "\"; there are "
                                + String.join(
                                        ", ",
                                        register().sources().stream()
                                                .map(KnownSource::name)
                                                .toList())));
    }

    /** It is asked for; whether it is done shows what is asked for next. */
    private AdminAnswer asked(String subject, Verb verb) {
        return asked(Command.of(subject, verb, clock.instant()));
    }

    private AdminAnswer asked(Command command) {
        register().post(command);
        return AdminAnswer.later(
                new BsonDocument("asked", new BsonString(command.verb().name().toLowerCase(Locale.ROOT)))
                        .append("of", new BsonString(DescribeSynchronisation.dotted(command.subject()))));
    }

    private AdminAnswer confirm(Synchronisation known) {
        if (known.held() == null) {
            throw new Refusal(Refusal.Reason.CONFLICT, "nothing of " + known.name() + " waits to be confirmed");
        }
        return asked(known.name(), Verb.CONFIRM);
    }

    // --- sources

    private AdminAnswer addSource(Exchange exchange, AdminBody body) {
        String name = body.text("name");
        exchange.note().concerns(name);
        if (!SourceDefinition.isName(name)) {
            throw wrong("name", name, "1 to 40 of a-z, 0-9 and '-'");
        }
        if (register().source(name).isPresent()) {
            throw new Refusal(
                    Refusal.Reason.CONFLICT, "there is a source " + name + "; change it, or choose another name");
        }
        SourceDefinition defined = read(name, body);
        requireSameServer(defined);
        return asked(Command.define(defined, 0, clock.instant()));
    }

    private AdminAnswer putSource(String name, AdminBody body, long version) {
        KnownSource known = source(name);
        requireChangeable(known.definition().isFromFile(), known.definition().version(), version);
        SourceDefinition defined = read(name, body);
        requireSameServer(defined);
        return asked(Command.define(defined, version, clock.instant()));
    }

    /** The daemon refuses it as well; here somebody reads why. */
    private void requireSameServer(SourceDefinition defined) {
        register()
                .copiedFrom(defined.name())
                .filter(before -> !defined.base().toString().equals(before) && !defined.wasAt(before))
                .ifPresent(before -> {
                    throw new Refusal(
                            Refusal.Reason.CONFLICT,
                            defined.base() + " is not where the copies of this source come from, which is " + before
                                    + ": if the same server has moved, formerly says so, with that address; another server needs"
                                    + " another name");
                });
    }

    private AdminAnswer deleteSource(String name, long version) {
        KnownSource known = source(name);
        requireChangeable(known.definition().isFromFile(), known.definition().version(), version);
        List<String> using = register().namesOf(name);
        if (!using.isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.CONFLICT,
                    "the source " + name + " is in use: " + Refusal.shown(String.join(", ", using)));
        }
        return asked(Command.remove(name, Verb.REMOVE_SOURCE, version, clock.instant()));
    }

    private static SourceDefinition read(String name, AdminBody body) {
        URI base = address("url", body.text("url"));
        String key = optional(body, "key", "", SourceDefinition::isName, "the name of a key, of a-z, 0-9 and '-'");
        SourceDefinition read = new SourceDefinition(
                name,
                base,
                optional(body, "header", "ESANTE-API-KEY", HEADER.asMatchPredicate()::test, "the name of a header"),
                key,
                number(body, "quota", 16, 1, 10_000),
                length(body, "timeout", Duration.ofSeconds(30)),
                number(body, "pageSize", 200, 1, 10_000),
                optional(body, "proxy", "", PROXY.asMatchPredicate()::test, "host:port"),
                length(body, "patience", Duration.ofMinutes(10)),
                body.optionalText("formerly")
                        .map(text -> text.equals(SourceDefinition.ANYWHERE)
                                ? text
                                : address("formerly", text).toString())
                        .orElse(""),
                Synchronisation.CONSOLE);
        if (read.isKeyInClear()) {
            throw new Refusal(Refusal.Reason.INVALID, SourceDefinition.IN_CLEAR);
        }
        return read;
    }

    private static URI address(String field, String text) {
        return SourceDefinition.base(text.strip())
                .orElseThrow(() -> wrong(field, text, "a FHIR base such as https://example.org/fhir"));
    }

    // --- synchronisations

    private AdminAnswer addSynchronisation(Exchange exchange, AdminBody body) {
        String source = source(body.text("source")).name();
        String type = body.text("type");
        if (!types.contains(type)) {
            throw wrong("type", type, String.join(", ", types.stream().sorted().toList()));
        }
        String part = optional(body, "name", "", Definition::isPart, "1 to 40 of a-z, 0-9 and '-'");
        boolean isFiltered = body.optionalText("filter").isPresent();
        if (isFiltered == part.isEmpty()) {
            throw new Refusal(Refusal.Reason.INVALID, "a filter needs a name, and a name a filter");
        }
        Definition plain = Definition.of(source, type);
        String name = part.isEmpty() ? plain.name() : plain.name() + "/" + part;
        exchange.note().concerns(name);
        if (register().find(name).isPresent()) {
            throw new Refusal(
                    Refusal.Reason.CONFLICT,
                    "there is a synchronisation " + name + "; change it, or give a part another name");
        }
        return asked(Command.define(read(name, source, type, body), 0, clock.instant()));
    }

    private AdminAnswer putSynchronisation(String dotted, AdminBody body, long version) {
        Synchronisation known = synchronisation(dotted);
        requireChangeable(known.isFromFile(), known.definition().version(), version);
        Definition before = known.definition();
        boolean isFiltered = body.optionalText("filter").isPresent();
        if (isFiltered == before.filter().isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    isFiltered
                            ? "this one copies all of its type; for what a filter selects, define another with a name"
                            : "filter is missing: this one copies a part of its type");
        }
        return asked(
                Command.define(read(known.name(), before.source(), before.type(), body), version, clock.instant()));
    }

    private AdminAnswer deleteSynchronisation(String dotted, long version) {
        Synchronisation known = synchronisation(dotted);
        requireChangeable(known.isFromFile(), known.definition().version(), version);
        return asked(Command.remove(known.name(), Verb.REMOVE, version, clock.instant()));
    }

    private static void requireChangeable(boolean isFromFile, long version, long seen) {
        if (isFromFile) {
            throw new Refusal(
                    Refusal.Reason.CONFLICT, "it stands in the daemon's file, conf/sync.yaml, and is changed there");
        }
        if (version != seen) {
            throw new Refusal(
                    Refusal.Reason.PRECONDITION_FAILED,
                    "it was changed meanwhile, or the version in If-Match is not its own");
        }
    }

    private static Definition read(String name, String source, String type, AdminBody body) {
        Definition plain = Definition.of(source, type);
        Duration overlap = length(body, "overlap", plain.overlap());
        if (overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw wrong("overlap", body.text("overlap"), "up to a day");
        }
        return new Definition(
                name,
                source,
                type,
                body.optionalText("filter")
                        .map(text -> parsed("filter", text.strip(), Definition::checkedFilter))
                        .orElse(""),
                body.optionalText("schedule")
                        .map(text -> parsed("schedule", text.strip(), Schedule::parse))
                        .orElse(plain.schedule()),
                length(body, "fullEvery", plain.fullEvery()),
                overlap,
                share(body, "guard", plain.guard()),
                share(body, "rejects", plain.rejects()),
                number(body, "priority", plain.priority(), 0, 1_000));
    }

    // --- values

    private static <T> T parsed(String field, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (RuntimeException e) {
            throw new Refusal(Refusal.Reason.INVALID, field + ": " + Refusal.shown(String.valueOf(e.getMessage())));
        }
    }

    private static String optional(
            AdminBody body, String field, String otherwise, Function<String, Boolean> isAllowed, String allowed) {
        String value = body.optionalText(field).map(String::strip).orElse("");
        if (value.isEmpty()) {
            return otherwise;
        }
        if (!isAllowed.apply(value)) {
            throw wrong(field, value, allowed);
        }
        return value;
    }

    private static int number(AdminBody body, String field, int otherwise, int least, int most) {
        Optional<Integer> number = body.optionalNumber(field);
        if (number.isPresent() && (number.get() < least || number.get() > most)) {
            throw wrong(field, String.valueOf(number.get()), least + " to " + most);
        }
        return number.orElse(otherwise);
    }

    private static Duration length(AdminBody body, String field, Duration otherwise) {
        String text = body.optionalText(field).map(String::strip).orElse("");
        if (text.isEmpty()) {
            return otherwise;
        }
        Matcher length = LENGTH.matcher(text);
        if (!length.matches() || Long.parseLong(length.group(1)) == 0) {
            throw wrong(field, text, "a length of time, such as 10s, 5m, 24h, 30d");
        }
        long amount = Long.parseLong(length.group(1));
        return switch (length.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static double share(AdminBody body, String field, double otherwise) {
        String text = body.optionalText(field).map(String::strip).orElse("");
        if (text.isEmpty()) {
            return otherwise;
        }
        Matcher share = SHARE.matcher(text);
        if (!share.matches() || Double.parseDouble(share.group(1)) > 100) {
            throw wrong(field, text, "a share such as 5% or 0.5%");
        }
        return Double.parseDouble(share.group(1)) / 100;
    }

    private static Refusal wrong(String field, String value, String allowed) {
        return new Refusal(
                Refusal.Reason.INVALID,
                field + " is \"" + Refusal.shown(value) + "\"; allowed is " + Refusal.shown(allowed));
    }
}
