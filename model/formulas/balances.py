"""The balances of a cement site: what its quantities add up to.

Source of a formula: as in ``emissions``; one that names none is arithmetic.
"""

from collections.abc import Mapping

from model.formulas.activity import Activity, Q, SiteYear
from model.formulas.emissions import captured, less, more, plain_sum, weighted_sum


def clinker_for_cement(a: Activity[Q], p: SiteYear) -> Q:
    """Clinker ground into cement. [t]  ``clinker − sold + bought + Σ_r received − Σ_r sent``

    Source: note on total clinker (clinker = for cement + sold; stock changes left out); what moves
    between sites of the group is added here.
    """
    of_the_site = a.clinker + a.clinker_bought - p.clinker_sold
    return less(more(of_the_site, a.clinker_received), a.clinker_sent)


def all_additions(a: Activity[Q]) -> Q:
    """All mineral additions ground into cement. [t]"""
    return plain_sum(list(a.additions.values()))


def product_cement(a: Activity[Q], p: SiteYear, product: str) -> Q:
    """Cement of a product. [t]  ``cement · share of the product``"""
    return a.cement * p.product_share[product]


def additions_of(a: Activity[Q], product: str) -> Mapping[str, Q]:
    """What of each mineral addition is ground into a product, by material. [t]"""
    return {m: q for (name, m), q in a.product_additions.items() if name == product}


def clinker_in_product(a: Activity[Q], p: SiteYear, product: str) -> Q:
    """Clinker ground into a cement product. [t]  ``its cement − Σ its additions``"""
    return less(product_cement(a, p, product), additions_of(a, product))


def cement_made(a: Activity[Q], p: SiteYear) -> Q:
    """Cement from its parts; must equal its output. [t]  ``clinker_for_cement + Σ additions``

    The clinker ratio of the source is ``clinker_for_cement / cement``.
    """
    return clinker_for_cement(a, p) + all_additions(a)


def cementitious_product(a: Activity[Q], p: SiteYear) -> Q:
    """The denominator of intensity targets. [t]

    ``clinker made + additions ground + substitutes sold``; clinker bought from others is left out.
    Source: SBTi, Cement Science Based Target Setting Guidance (2022); GCCA definition.
    """
    return a.clinker + all_additions(a) + p.substitutes_sold


def raw_meal(a: Activity[Q], p: SiteYear) -> Q:
    """All raw materials fed to the kiln, natural and alternative. [t]"""
    return a.clinker * p.raw_per_clinker


def all_raw(a: Activity[Q]) -> Q:
    """All alternative raw materials fed to the kiln. [t]"""
    return plain_sum(list(a.alternative_raw.values()))


def lime_left(a: Activity[Q], p: SiteYear) -> Q:
    """CaO that clinker holds beside what is credited of alternative raw materials. [t]

    ``clinker · CaO − Σ_m alternative_raw[m] · CaO_m · (1 − H2O_m) + uncredited[CaO]``
    """
    credited = weighted_sum(a.alternative_raw, p.raw_cao) - weighted_sum(a.uncredited, {"cao": 1.0})
    return a.clinker * p.clinker_cao - credited


def magnesia_left(a: Activity[Q], p: SiteYear) -> Q:
    """MgO that clinker holds beside what is credited of alternative raw materials. [t]

    ``clinker · MgO − Σ_m alternative_raw[m] · MgO_m · (1 − H2O_m) + uncredited[MgO]``
    """
    credited = weighted_sum(a.alternative_raw, p.raw_mgo) - weighted_sum(a.uncredited, {"mgo": 1.0})
    return a.clinker * p.clinker_mgo - credited


def total_heat(a: Activity[Q]) -> Q:
    """Heat of all fuels. [GJ]"""
    return plain_sum(list(a.heat.values()))


def burnt_heat(a: Activity[Q], p: SiteYear) -> Q:
    """Heat of the fuels that burn, which electric heat does not. [GJ]

    ``Σ_f heat[f] · burns_f``
    """
    return weighted_sum(a.heat, p.burns)


def kiln_heat(a: Activity[Q], p: SiteYear) -> Q:
    """Heat left for the kiln once mineral additions and capture have theirs. [GJ]

    ``Σ_f heat[f] − Σ_m additions[m] · heat_m − captured · capture_heat``
    """
    return total_heat(a) - weighted_sum(a.additions, p.addition_heat) - captured(a) * p.capture_heat
