package miroir.simulator;

import java.util.List;
import java.util.Locale;

/** A practice, a legal entity or an establishment of one. */
final class WriteOrganization {
    private static final String[] STREETS = {
        "DIDOT", "DES TILLEULS", "DE L'IMPÉRATRICE", "JEAN JAURÈS", "DU GÉNÉRAL DE GAULLE", "VICTOR HUGO",
                "DE LA RÉPUBLIQUE",
        "D'ARTAGNAN", "SAINT-MICHEL", "DES ÉCOLES", "PASTEUR", "ANATOLE FRANCE", "DU 8 MAI 1945", "DE L'ÉGLISE",
    };
    private static final String[] NAMES = {
        "LES TILLEULS", "SAINT-JOSEPH", "L'ÉTOILE", "DE LA PRESQU'ÎLE", "NOTRE-DAME", "JEAN ROSTAND", "PASTEUR",
                "DU PARC",
        "LES MIMOSAS", "SAINTE-ANNE", "DE L'EURE", "BELLEVUE", "LES CÈDRES", "GRAND OUEST", "RENARD", "MIGNOT",
    };

    /** What establishments are: name, category, sector, trade. */
    private enum Establishment {
        HOSPITAL("CENTRE HOSPITALIER", "106", "SA01", "86.10Z"),
        CLINIC("CLINIQUE", "128", "SA04", "86.10Z"),
        NURSING_HOME("EHPAD", "500", "SA17", "87.10A"),
        HEALTH_CENTRE("CENTRE DE SANTÉ", "124", "SA05", "86.21Z"),
        PHARMACY("PHARMACIE", "620", "SA33", "47.73Z"),
        LABORATORY("LABORATOIRE", "611", "SA25", "86.90B"),
        HOME_CARE("SSIAD", "354", "SA18", "88.10A");

        final String title;
        final String category;
        final String sector;
        final String trade;

        Establishment(String title, String category, String sector, String trade) {
            this.title = title;
            this.category = category;
            this.sector = sector;
            this.trade = trade;
        }
    }

    private final long seed;
    private final WritePractitioner practitioners;

    WriteOrganization(long seed, WritePractitioner practitioners) {
        this.seed = seed;
        this.practitioners = practitioners;
    }

    boolean isActive(long number) {
        if (Layout.isPractice(number)) {
            return practitioners.isActive(Layout.ownerOf(number));
        }
        return Layout.isLegalEntity(number) || !new Dice(~seed, Kind.ORGANIZATION, number).chance(2);
    }

    void write(ElementWriter writer, Appearance appearance) {
        ResourceOutput out = new ResourceOutput(writer, appearance);
        if (Layout.isPractice(appearance.number())) {
            practice(out, appearance);
        } else if (Layout.isLegalEntity(appearance.number())) {
            legalEntity(out, appearance);
        } else {
            establishment(out, appearance);
        }
        out.end();
    }

    private void practice(ResourceOutput out, Appearance appearance) {
        long owner = Layout.ownerOf(appearance.number());
        Person person = practitioners.person(owner);
        Dice fixed = appearance.fixed(seed);
        Place place = Place.thrown(fixed);
        Dice dice = appearance.changing(seed, fixed);
        boolean active = appearance.active();
        meta(out, dice, "RPPS", person.profession().authority);
        String rank = Identifiers.rpps(owner) + "001";
        out.array(
                "identifier",
                () -> out.identifier("IDNST", "urn:oid:1.2.250.1.71.4.2.2", "4" + rank)
                        .identifier(out.isFlawed(50) ? "RPPSRG" : "INTRN", rankSystem(out), rank));
        out.bool("active", active);
        if (active) {
            out.array("type", () -> {
                kind(out, "organizationType", Codes.ORGANIZATION_TYPE, "LEGAL-ENTITY");
                kind(out, "secteurActiviteRASS", Codes.SECTOR, dice.pick("SA07", "SA07", "SA08", "SA09"));
            });
        }
        out.text(
                "name",
                (out.isFlawed(2) ? "CABINET  " : "CABINET ") + person.called().toUpperCase(Locale.ROOT));
        if (active) {
            phones(out, dice);
            if (!dice.chance(24)) {
                address(out, dice, place);
            }
        }
    }

    /** The documentation names two. */
    private static String rankSystem(ResourceOutput out) {
        return out.isFlawed(5) ? "https://rpps.esante.gouv.fr" : "https://rppsrang.esante.gouv.fr";
    }

    private void legalEntity(ResourceOutput out, Appearance appearance) {
        long number = appearance.number();
        Dice fixed = appearance.fixed(seed);
        Place place = Place.thrown(fixed);
        Dice dice = appearance.changing(seed, fixed);
        meta(out, dice, "FINESS", place.authority());
        String finess = Identifiers.finess(number);
        out.array(
                "identifier",
                () -> out.identifier("IDNST", "urn:oid:1.2.250.1.71.4.2.2", "1" + finess)
                        .identifier("FINEJ", "https://finess.esante.gouv.fr", finess)
                        .identifier("SIREN", "https://sirene.fr", Identifiers.siren(number)));
        out.bool("active", appearance.active());
        String name = dice.pick("GROUPE ", "ASSOCIATION ", "HÔPITAUX ", "SELARL ") + dice.pick(NAMES);
        if (!appearance.active()) {
            out.text("name", name);
            return;
        }
        out.array("type", () -> {
            kind(out, "organizationType", Codes.ORGANIZATION_TYPE, "LEGAL-ENTITY");
            kind(out, "statutJuridiqueINSEE", Codes.LEGAL_STATUS, Vocabulary.thrown(dice, Codes.LEGAL_STATUS));
        });
        out.text("name", name);
        phones(out, dice);
        address(out, dice, place);
    }

    private void establishment(ResourceOutput out, Appearance appearance) {
        long number = appearance.number();
        boolean active = appearance.active();
        Dice fixed = appearance.fixed(seed);
        Place place = Place.thrown(fixed);
        Establishment is = fixed.pick(Establishment.values());
        Dice dice = appearance.changing(seed, fixed);
        meta(out, dice, "FINESS", place.authority());
        if (active && dice.chance(20)) {
            opened(out, dice.dayOf(1990, 2024));
        } else if (active && is == Establishment.PHARMACY) {
            String licence = place.postalCode().substring(0, 2) + "#" + dice.digits(6);
            out.array(
                    "extension",
                    () -> out.item(() -> out.url(Codes.ANS + "as-ext-organization-pharmacy-licence")
                            .text("valueString", licence)));
        } else if (active && is == Establishment.NURSING_HOME) {
            out.array(
                    "extension",
                    () -> out.item(() -> out.url(Codes.ANS + "as-ext-organization-pricing-model")
                            .object(
                                    "valueCodeableConcept",
                                    () -> out.coding(Codes.PRICING, Vocabulary.thrown(dice, Codes.PRICING)))));
        }
        String finess = Identifiers.finess(number);
        out.array(
                "identifier",
                () -> out.identifier("IDNST", "urn:oid:1.2.250.1.71.4.2.2", "1" + finess)
                        .identifier("FINEG", "https://finess.esante.gouv.fr", finess)
                        .identifier("SIRET", "https://sirene.fr", Identifiers.siret(number)));
        out.bool("active", active);
        String named = dice.pick(NAMES);
        if (!active) {
            out.text("name", is.title + " " + named);
            return;
        }
        types(out, dice, is);
        out.text("name", is.title + " " + named);
        if (dice.chance(30)) {
            out.texts("alias", List.of(named));
        }
        telecom(out, dice, number);
        address(out, dice, place);
        out.reference("partOf", Kind.ORGANIZATION, Layout.legalEntityOf(number));
    }

    private static void opened(ResourceOutput out, String day) {
        out.array(
                "extension",
                () -> out.item(() -> out.url("http://hl7.org/fhir/StructureDefinition/organization-period")
                        .object("valuePeriod", () -> out.text("start", day))));
    }

    private static void meta(ResourceOutput out, Dice dice, String system, String authority) {
        out.meta(dice, system, authority, Codes.FR_CORE + "fr-core-organization", Codes.ANS + "as-dp-organization");
        out.text("language", "fr");
    }

    private static void types(ResourceOutput out, Dice dice, Establishment is) {
        out.array("type", () -> {
            kind(out, "organizationType", Codes.ORGANIZATION_TYPE, "GEOGRAPHICAL-ENTITY");
            kind(out, "secteurActiviteRASS", Codes.SECTOR, is.sector);
            out.concept(Codes.ESTABLISHMENT, is.category);
            kind(out, "sphParticipation", Codes.PUBLIC_SERVICE, Vocabulary.thrown(dice, Codes.PUBLIC_SERVICE));
            kind(out, "typeEtablissement", Codes.SITE_TYPE, dice.chance(70) ? "P" : "S");
            kind(out, "activiteINSEE", Codes.TRADE, is.trade);
        });
    }

    private static void kind(ResourceOutput out, String kind, String system, String code) {
        out.item(() -> {
            out.array(
                    "extension",
                    () -> out.item(() ->
                            out.url(Codes.ANS + "as-ext-organization-types").text("valueCode", kind)));
            out.coding(system, code);
        });
    }

    private static void phones(ResourceOutput out, Dice dice) {
        if (dice.chance(27)) {
            out.array("telecom", () -> phone(out, dice));
        }
    }

    private static void telecom(ResourceOutput out, Dice dice, long number) {
        out.array("telecom", () -> {
            phone(out, dice);
            if (dice.chance(50)) {
                out.item(() -> out.text("system", "fax").text("value", "01990" + dice.digits(5)));
            }
            if (dice.chance(30)) {
                out.item(() -> out.text("system", "email").text("value", "contact." + number + "@example.fr"));
            }
            if (dice.chance(60)) {
                out.mailbox("ORG", "secretariat." + number + "@hdf.mssante.fr", true);
            }
            if (dice.chance(20)) {
                out.mailbox("APP", "retour.labo." + number + "@hdf.mssante.fr", true);
            }
        });
    }

    /** 01 99 00 is reserved for fiction. */
    private static void phone(ResourceOutput out, Dice dice) {
        out.item(() -> out.text("system", "phone")
                .text("value", "019900" + dice.digits(4))
                .number("rank", 1));
    }

    private static void address(ResourceOutput out, Dice dice, Place place) {
        boolean cityWithCode = dice.chance(2);
        out.array(
                "address",
                () -> out.item(() -> {
                    out.array(
                            "extension",
                            () -> out.item(() -> out.url(Codes.FR_CORE + "fr-core-address-insee-code")
                                    .object(
                                            "valueCoding",
                                            () -> out.text("system", Codes.COMMUNE)
                                                    .text("code", place.insee()))));
                    out.array("line", out::nothing);
                    out.array(
                            "_line",
                            () -> out.item(() -> out.array("extension", () -> {
                                part(out, "houseNumber", String.valueOf(1 + dice.below(200)));
                                if (dice.chance(8)) {
                                    part(out, "buildingNumberSuffix", dice.pick("BIS", "TER", "A"));
                                }
                                part(
                                        out,
                                        "streetNameType",
                                        dice.pick("R", "R", "R", "AV", "BD", "PL", "CHE", "RTE", "ALL", "IMP"));
                                part(out, "streetNameBase", dice.pick(STREETS));
                            })));
                    out.text("city", cityWithCode ? place.postalCode() + " " + place.city() : place.city());
                    out.text("postalCode", place.postalCode());
                }));
    }

    private static void part(ResourceOutput out, String part, String value) {
        out.item(() -> out.url(Codes.ADDRESS_PART + part).text("valueString", value));
    }
}
