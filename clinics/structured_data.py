"""Descriptions of the clinic and its doctors for search engines (schema.org). Pure functions."""

from collections.abc import Mapping
from typing import Any

_CONTEXT = "https://schema.org"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def clinic_structured_data(
    clinic: Mapping[str, Any], home: Mapping[str, Any], *, origin: str
) -> dict[str, Any]:
    """Return a `MedicalClinic` with address, opening hours and specialties.

    :param clinic: the data of `clinic/`
    :param home: the data of `clinic/home/`
    :param origin: the clinic's own address in the web, without a slash at its end
    """
    logo, picture = clinic["branding"]["logo"], home["picture"]
    return _without_empty({
        "@context": _CONTEXT,
        "@type": "MedicalClinic",
        "@id": f"{origin}/#clinic",
        "name": clinic["name"],
        "url": f"{origin}/",
        "telephone": clinic["phone"],
        "email": clinic["email"],
        "address": _one_line(clinic["address"]),
        "logo": logo and origin + logo["src"],
        "image": picture and origin + picture["src"],
        "openingHoursSpecification": _opening_hours(home["hours"]),
        "availableService": [
            {"@type": "MedicalProcedure", "name": offer["name"]} for offer in home["offers"]
        ],
        "medicalSpecialty": [specialty["name"] for specialty in home["specialties"]],
        "hasMap": next((site["map_url"] for site in home["sites"]), ""),
        "knowsLanguage": clinic["languages"],
        "potentialAction": {
            "@type": "ReserveAction",
            "target": f"{origin}/doctors",
            "name": "Book an appointment",
        },
    })  # fmt: skip


def doctor_structured_data(
    doctor: Mapping[str, Any], clinic: Mapping[str, Any], *, origin: str
) -> dict[str, Any]:
    """Return a `Physician`, who belongs to the clinic.

    :param doctor: the data of `users/doctors/{id}/`
    :param clinic: the data of `clinic/`
    :param origin: as for `clinic_structured_data`
    """
    photo, qualification = doctor["photo"], doctor["qualification"]
    credential = {"@type": "EducationalOccupationalCredential", "name": qualification}
    return _without_empty({
        "@context": _CONTEXT,
        "@type": "Physician",
        "@id": f"{origin}/doctors/{doctor['id']}#doctor",
        "name": doctor["display_name"],
        "url": f"{origin}/doctors/{doctor['id']}",
        "description": doctor["bio"],
        "image": photo and origin + photo["large"],
        "hasCredential": credential if qualification else None,
        "medicalSpecialty": [specialty["name"] for specialty in doctor["specialties"]],
        "knowsLanguage": doctor["languages"],
        "telephone": clinic["phone"],
        "address": _one_line(clinic["address"]),
        "parentOrganization": {
            "@type": "MedicalClinic", "@id": f"{origin}/#clinic", "name": clinic["name"], "url": f"{origin}/",
        },
    })  # fmt: skip


def _opening_hours(days: Any) -> list[dict[str, str]]:
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"{_CONTEXT}/{_DAYS[day['weekday']]}",
            "opens": interval["opens"],
            # Midnight at the end of a day is its last minute here.
            "closes": "23:59" if interval["closes"] == "00:00" else interval["closes"],
        }
        for day in days
        for interval in day["intervals"]
    ]


def _one_line(address: str) -> str:
    return ", ".join(line.strip() for line in address.splitlines() if line.strip())


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
