package miroir.simulator;

/** The directory's code systems and the addresses of its profiles and extensions. */
final class Codes {
    static final String ANS = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/";
    static final String FR_CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition/";
    static final String ADDRESS_PART = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-";

    static final String IDENTIFIER_TYPE = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203";
    static final String ORGANIZATION_TYPE = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-3307";
    static final String SITE_TYPE =
            "https://interop.esante.gouv.fr/ig/fhir/annuaire/CodeSystem/as-cs-type-etablissement";

    static final String SKILL_TYPE = nos("R04", "TypeSavoirFaire");
    static final String SECTOR = nos("R02", "SecteurActivite");
    static final String CATEGORY = nos("R09", "CategorieProfessionnelle");
    static final String COMMUNE = nos("R13", "Commune");
    static final String DIPLOMA_TYPE = nos("R14", "TypeDiplome");
    static final String FUNCTION = nos("R21", "Fonction");
    static final String ACTIVITY_KIND = nos("R22", "GenreActivite");
    static final String EMPLOYMENT = nos("R23", "ModeExercice");
    static final String PRACTICE_KIND = nos("R24", "TypeActiviteLiberale");
    static final String HOSPITAL_STATUS = nos("R32", "StatutHospitalier");
    static final String SPECIALTY = nos("R38", "SpecialiteOrdinale");
    static final String STATE_DIPLOMA = nos("R48", "DiplomeEtatFrancais");
    static final String SPECIAL_DIPLOMA = nos("R49", "DiplomeEtudeSpecialisee");
    static final String AUTHORITY = nos("R60", "AutoriteEnregistrement");
    static final String ESTABLISHMENT = nos("R66", "CategorieEtablissement");
    static final String LEGAL_STATUS = nos("R72", "FinessStatutJuridique");
    static final String PUBLIC_SERVICE = nos("R73", "ESPIC");
    static final String PRICING = nos("R74", "ModeFixationTarifaire");
    static final String TRADE = nos("R75", "InseeNAFrev2Niveau5");
    static final String CARE_ROLE = nos("R85", "RolePriseCharge");
    static final String CARD = nos("R87", "TypeCarte");
    static final String SOCIAL_PROFESSION = nos("R94", "ProfessionSocial");
    static final String TITLE = nos("R95", "UsagerTitre");
    static final String STAY = nos("R209", "TypeActivite");
    static final String MAIL_KIND = nos("R256", "TypeMessagerie");
    static final String MAILBOX = nos("R257", "TypeBAL");
    static final String EQUIPMENT = nos("R272", "EquipementMaterielLourd");
    static final String CARE = nos("R274", "ActiviteSanitaireRegulee");
    static final String CARE_MODALITY = nos("R275", "ModaliteActivite");
    static final String CARE_FORM = nos("R276", "FormeActivite");
    static final String CLIENTELE = nos("R279", "Clientele");
    static final String SOCIAL_CARE = nos("R280", "DisciplineEquipementSocial");
    static final String OTHER_PROFESSION = nos("R291", "AutreProfession");
    static final String COMPETENCE = nos("R39", "Competence");
    static final String EXCLUSIVE_COMPETENCE = nos("R40", "CompetenceExclusive");
    static final String FURTHER_DIPLOMA = nos("R42", "DESCnonQualifiant");
    static final String CAPACITY = nos("R43", "CapaciteSavoirFaire");
    static final String CONTRACT_QUALIFICATION = nos("R44", "QualificationPAC");
    static final String PHARMACY_SKILL = nos("R45", "FonctionQualifiee");
    static final String FURTHER_RIGHT = nos("R97", "DroitExerciceCompl");
    static final String SUBSPECIALTY = nos("R359", "SurspecialiteTransversale");
    static final String ORIENTATION = nos("G13", "OrientationParticuliere");
    static final String PROFESSION = nos("G15", "ProfessionSante");
    static final String PHARMACY_SECTION = nos("R06", "SectionTableauCNOP");

    private Codes() {}

    private static String nos(String number, String name) {
        return "https://mos.esante.gouv.fr/NOS/TRE_" + number + "-" + name + "/FHIR/TRE-" + number + "-" + name;
    }
}
