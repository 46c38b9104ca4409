package miroir.server.reports;

/** The same words in both languages. */
record Words(String french, String english) {
    String in(Language language) {
        return language == Language.FR ? french : english;
    }
}
