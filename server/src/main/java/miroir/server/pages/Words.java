package miroir.server.pages;

/** The same words in both languages. */
public record Words(String french, String english) {
    /** Those of that language. */
    public String in(Language language) {
        return language == Language.FR ? french : english;
    }
}
