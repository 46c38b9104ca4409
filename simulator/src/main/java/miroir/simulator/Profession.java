package miroir.simulator;

/** What practitioners are, in the proportions of the real directory. */
enum Profession {
    NURSE(40, Codes.PROFESSION, "60", "ONI", "DE09"),
    PHYSICIAN(16, Codes.PROFESSION, "10", "CNOM", "DE05"),
    PHYSIOTHERAPIST(7, Codes.PROFESSION, "70", "CNOMK", "DE11"),
    PHARMACIST(5, Codes.PROFESSION, "21", "CNOP", "DE02"),
    DENTIST(4, Codes.PROFESSION, "40", "ONCD", "DE03"),
    MIDWIFE(2, Codes.PROFESSION, "50", "CNOSF", ""),
    SPEECH_THERAPIST(2, Codes.PROFESSION, "91", "ENREG", ""),
    OCCUPATIONAL_THERAPIST(1, Codes.PROFESSION, "94", "ENREG", "DE30"),
    OPTICIAN(3, Codes.PROFESSION, "28", "ENREG", ""),
    PSYCHOLOGIST(5, Codes.TITLE, "93", "ENREG", ""),
    OSTEOPATH(2, Codes.TITLE, "71", "ENREG", ""),
    SOCIAL_WORKER(2, Codes.SOCIAL_PROFESSION, "41", "ENREG", "DE28"),
    /** Known by a role only: the trade is the function of the PractitionerRole. */
    OTHER(11, Codes.OTHER_PROFESSION, "99", "ENREG", "");

    private final int share;
    final String system;
    final String code;
    final String authority;
    /** The state diploma; empty where the nomenclature has none. */
    final String diploma;

    Profession(int share, String system, String code, String authority, String diploma) {
        this.share = share;
        this.system = system;
        this.code = code;
        this.authority = authority;
        this.diploma = diploma;
    }

    static Profession thrown(Dice dice) {
        int left = dice.below(100);
        for (Profession profession : values()) {
            left -= profession.share;
            if (left < 0) {
                return profession;
            }
        }
        return OTHER;
    }
}
