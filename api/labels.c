// See labels.h.
#include "api/labels.h"

#include "harvester/normalise/format.h"
#include "harvester/normalise/licence.h"
#include "harvester/normalise/vocabulary.h"

struct label {
    enum facet facet;
    struct str value, label;
};

static const struct label labels[] = {
    {FACET_KIND, STR("dataset"), STR("Jeu de données")},
    {FACET_KIND, STR("dataservice"), STR("API")},
    {FACET_KIND, STR("reuse"), STR("Réutilisation")},
    {FACET_KIND, STR("software"), STR("Logiciel")},
    {FACET_KIND, STR("organization"), STR("Organisation")},
    {FACET_STATUS, STR("active"), STR("Active")},
    {FACET_STATUS, STR("missing"), STR("Absente de sa source")},
    {FACET_STATUS, STR("archived"), STR("Archivée")},
    {FACET_BADGE, STR("hvd"), STR("Données de forte valeur (HVD)")},
    {FACET_BADGE, STR("inspire"), STR("INSPIRE")},
    {FACET_BADGE, STR("spd"), STR("Service public de la donnée")},
    {FACET_BADGE, STR("pivotal-data"), STR("Données de référence")},
    {FACET_BADGE, STR("sl"), STR("Série locale")},
    {FACET_BADGE, STR("sr"), STR("Série de référence")},
    {FACET_BADGE, STR("certified"), STR("Organisation certifiée")},
    {FACET_BADGE, STR("public-service"), STR("Service public")},
    {FACET_BADGE, STR("local-authority"), STR("Collectivité territoriale")},
    {FACET_BADGE, STR("company"), STR("Entreprise")},
    {FACET_BADGE, STR("association"), STR("Association")},
    {FACET_GRANULARITY, STR("country"), STR("Pays")},
    {FACET_GRANULARITY, STR("country-group"), STR("Groupe de pays")},
    {FACET_GRANULARITY, STR("country-subset"), STR("Partie de pays")},
    {FACET_GRANULARITY, STR("fr:commune"), STR("Commune")},
    {FACET_GRANULARITY, STR("fr:epci"), STR("Intercommunalité")},
    {FACET_GRANULARITY, STR("fr:departement"), STR("Département")},
    {FACET_GRANULARITY, STR("fr:region"), STR("Région")},
    {FACET_GRANULARITY, STR("fr:canton"), STR("Canton")},
    {FACET_GRANULARITY, STR("fr:iris"), STR("IRIS (quartier INSEE)")},
    {FACET_GRANULARITY, STR("fr:arrondissement"), STR("Arrondissement")},
    {FACET_GRANULARITY, STR("fr:collectivite"), STR("Collectivité d’outre-mer")},
    {FACET_GRANULARITY, STR("poi"), STR("Point d’intérêt")},
    {FACET_GRANULARITY, STR("other"), STR("Autre")},
    {FACET_THEME, STR("health"), STR("Santé")},
    {FACET_THEME, STR("transport_and_mobility"), STR("Transports et mobilité")},
    {FACET_THEME, STR("housing_and_development"), STR("Logement et aménagement")},
    {FACET_THEME, STR("food_and_agriculture"), STR("Alimentation et agriculture")},
    {FACET_THEME, STR("culture_and_recreation"), STR("Culture et loisirs")},
    {FACET_THEME, STR("economy_and_business"), STR("Économie et entreprises")},
    {FACET_THEME, STR("environment_and_energy"), STR("Environnement et énergie")},
    {FACET_THEME, STR("work_and_training"), STR("Travail et formation")},
    {FACET_THEME, STR("politics_and_public_life"), STR("Politique et vie publique")},
    {FACET_THEME, STR("safety_and_security"), STR("Sécurité")},
    {FACET_THEME, STR("education_and_research"), STR("Éducation et recherche")},
    {FACET_THEME, STR("society_and_demography"), STR("Société et démographie")},
    {FACET_THEME, STR("law_and_justice"), STR("Droit et justice")},
    {FACET_THEME, STR("open_data_tools"), STR("Outils de l’open data")},
    {FACET_THEME, STR("others"), STR("Autres")},
    {FACET_TERRITORY, STR("country:fr"), STR("France")},
    {FACET_TERRITORY, STR("country-group:ue"), STR("Union européenne")},
    {FACET_TERRITORY, STR("country-group:world"), STR("Monde")},
};

struct str label_of(enum facet facet, struct str value)
{
    if (facet == FACET_ACCESS)
        return access_label(value);
    if (facet == FACET_PUBLISHER_KIND)
        return publisher_kind_label(value);
    if (facet == FACET_FORMAT_FAMILY)
        return format_family_label(value);
    if (facet == FACET_FORMAT) {
        const struct format *format = format_by_id(value);
        return format ? format->label : value;
    }
    if (facet == FACET_FREQUENCY) {
        const struct frequency *frequency = frequency_find(value);
        return frequency ? frequency->label : value;
    }
    if (facet == FACET_LICENSE) {
        const struct licence *licence = licence_by_id(value);
        return licence ? licence->label : value;
    }
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (labels[i].facet == facet && str_eq(labels[i].value, value))
            return labels[i].label;
    return value;
}

struct str label_of_facet(enum facet facet)
{
    static const struct str names[FACET_COUNT] = {
        [FACET_KIND] = STR("Type"),
        [FACET_SOURCE] = STR("Catalogue"),
        [FACET_PUBLISHER] = STR("Producteur"),
        [FACET_PUBLISHER_KIND] = STR("Type de producteur"),
        [FACET_LICENSE] = STR("Licence"),
        [FACET_FORMAT] = STR("Format"),
        [FACET_FORMAT_FAMILY] = STR("Famille de formats"),
        [FACET_ACCESS] = STR("Accès"),
        [FACET_THEME] = STR("Thème"),
        [FACET_KEYWORD] = STR("Mot-clé"),
        [FACET_TERRITORY] = STR("Territoire"),
        [FACET_SCHEMA] = STR("Schéma"),
        [FACET_BADGE] = STR("Label"),
        [FACET_GRANULARITY] = STR("Maille géographique"),
        [FACET_FREQUENCY] = STR("Fréquence de mise à jour"),
        [FACET_STATUS] = STR("État"),
    };
    return names[facet];
}

struct str label_of_kinds(struct str kind)
{
    static const struct {
        struct str kind, label;
    } plurals[] = {
        {STR("dataset"), STR("jeux de données")},    {STR("dataservice"), STR("API")},
        {STR("reuse"), STR("réutilisations")},       {STR("software"), STR("logiciels")},
        {STR("organization"), STR("organisations")},
    };
    for (size_t i = 0; i < sizeof plurals / sizeof *plurals; i++)
        if (str_eq(plurals[i].kind, kind))
            return plurals[i].label;
    return kind;
}
