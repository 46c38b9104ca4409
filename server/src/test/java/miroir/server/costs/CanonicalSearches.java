package miroir.server.costs;

import java.util.stream.Stream;

/** Searches over the canonicals by which answers say their questionnaire. */
final class CanonicalSearches {
    private static final String ANSWERS = "QuestionnaireResponse";

    private CanonicalSearches() {}

    static Stream<Asked> all() {
        return Stream.of(
                Asked.inOrder(ANSWERS, "questionnaire", "http://example.org/q/9"),
                Asked.inOrder(ANSWERS, "questionnaire", "http://example.org/q/9|1"),
                Asked.inOrder(ANSWERS, "questionnaire", "http://example.org/q/nobodys"),
                Asked.of(ANSWERS + "?questionnaire.title=single").over(1),
                Asked.of(ANSWERS + "?questionnaire.title=other").over(1),
                Asked.of(ANSWERS + "?questionnaire.status=active").over(1),
                Asked.of("Questionnaire?_has:QuestionnaireResponse:questionnaire:status=completed")
                        .over(1),
                Asked.of("Questionnaire?_has:QuestionnaireResponse:questionnaire:status=stopped")
                        .over(1),
                Asked.of("Questionnaire?_has:QuestionnaireResponse:questionnaire:identifier=nobodys")
                        .over(1),
                Asked.of(ANSWERS + "?_include=QuestionnaireResponse:questionnaire"),
                Asked.of("Questionnaire?title=single&_revinclude=QuestionnaireResponse:questionnaire"));
    }
}
