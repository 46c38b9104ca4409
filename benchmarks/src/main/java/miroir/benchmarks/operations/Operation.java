package miroir.benchmarks.operations;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import miroir.benchmarks.questions.Question;
import miroir.benchmarks.questions.Somebody;
import miroir.index.value.FoldedText;
import miroir.index.value.Trigrams;

/**
 * One kind of request, asked many times: where it is about somebody, each time about somebody else.
 *
 * <p>Targets are those of CPU, of server and database together: at least so much of what the bare driver and renderer take, and at most so many microseconds,
 * which two cores of the machine that they were set on allow.
 */
enum Operation {
    READ("read by id", 0.7, 270, 16_000),
    IDENTIFIER("search by identifier", 0.7, 350, 12_000),
    PAGE("page of 50, of what most have", 0.7, 1_150, 1_600),
    PREFIX("page of 50, surnames that begin alike", 0.7, 1_150, 1_600),
    INFIX("page of 50, surnames that have something inside", 0.7, 1_150, 1_600),
    PLACE("place by name and postal code", 0.6, 1_500, 4_000),
    DELTA("page of 200, of what has changed since", 0.75, 3_700, 480),
    WALK("page of 200, by the link to it", 0.7, 4_000, 480),
    CHAIN("chain: roles by the name of who has them", 0.6, 2_500, 2_400),
    HAS("`_has`: people by the name of their place", 0.6, 2_500, 1_600),
    INCLUDE("page of 50, with two inclusions", 0.6, 4_500, 400),
    REVINCLUDE("page of 50, with what refers to it", 0.6, 2_500, 640),
    COUNT("exact count of what most have", 0.6, 0, 240);

    private static final int PAGE_SIZE = 50;
    private static final int LONG_PAGE = 200;
    private static final int LETTERS = 3;

    private final String title;
    private final double target;
    private final int mostMicros;
    private final int requests;

    Operation(String title, double target, int mostMicros, int requests) {
        this.title = title;
        this.target = target;
        this.mostMicros = mostMicros;
        this.requests = requests;
    }

    String title() {
        return title;
    }

    /** How much of the limit is wanted. */
    double target() {
        return target;
    }

    /** Microseconds of server and database that are wanted at most; 0 where nothing was said. */
    int mostMicros() {
        return mostMicros;
    }

    /** How often it is asked in a short round. */
    int requests() {
        return requests;
    }

    /** Whether HAPI's ordinary path is held against it: of the others one knows by these. */
    boolean isAskedOrdinarily() {
        return this == READ || this == PAGE;
    }

    /** Whether an answer leads to the next request. */
    boolean isWalked() {
        return this == WALK;
    }

    /** Whether an answer has more than what was looked for. */
    boolean isIncluding() {
        return this == INCLUDE || this == REVINCLUDE;
    }

    /** Whether nothing is found where it is asked about nobody and never. */
    boolean isAboutSomething() {
        return switch (this) {
            case IDENTIFIER, PREFIX, INFIX, PLACE, DELTA, CHAIN, HAS -> true;
            case READ, PAGE, WALK, INCLUDE, REVINCLUDE, COUNT -> false;
        };
    }

    /** How many there are on a page. */
    int page() {
        return this == DELTA || this == WALK ? LONG_PAGE : PAGE_SIZE;
    }

    /**
     * As it is asked over HTTP, below the base of a FHIR server.
     *
     * @param since an instant after which a page of resources changed at least, as FHIR writes it
     */
    String query(Somebody about, String since) {
        return switch (this) {
            case READ -> "Practitioner/" + about.id();
            case IDENTIFIER -> "Practitioner?identifier=" + encoded(about.identifier());
            case PAGE -> "Practitioner?active=true&_count=" + PAGE_SIZE;
            case PREFIX -> "Practitioner?family=" + encoded(beginning(about)) + "&_count=" + PAGE_SIZE;
            case INFIX -> "Practitioner?family:contains=" + encoded(inside(about)) + "&_count=" + PAGE_SIZE;
            case PLACE ->
                "Organization?name=" + encoded(about.place()) + "&address-postalcode=" + encoded(about.postalCode())
                        + "&_count=" + PAGE_SIZE;
            case DELTA -> "Practitioner?_lastUpdated=ge" + encoded(since) + "&_count=" + LONG_PAGE;
            case WALK -> "Practitioner?_count=" + LONG_PAGE;
            case CHAIN -> Question.ROLES_OF.query(about);
            case HAS -> Question.WORKS_AT.query(about);
            case INCLUDE ->
                "PractitionerRole?active=true&_include=PractitionerRole:practitioner"
                        + "&_include=PractitionerRole:organization&_count=" + PAGE_SIZE;
            case REVINCLUDE -> "Practitioner?active=true&_revinclude=PractitionerRole:practitioner&_count=" + PAGE_SIZE;
            case COUNT -> "Practitioner?active=true&_summary=count";
        };
    }

    /** Whether the surname has letters enough: three that are left when accents and signs are gone. */
    static boolean isAskedAbout(Somebody somebody) {
        return !Trigrams.ofInfix(FoldedText.fold(inside(somebody))).isEmpty();
    }

    /** Letters with which many surnames begin. */
    static String beginning(Somebody about) {
        return about.family().substring(0, Math.min(LETTERS, about.family().length()));
    }

    /** Letters that many surnames have somewhere. */
    static String inside(Somebody about) {
        int length = about.family().length();
        int start = Math.min(1, Math.max(0, length - LETTERS));
        return about.family().substring(start, Math.min(length, start + LETTERS));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
