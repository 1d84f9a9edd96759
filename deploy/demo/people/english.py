"""Clients who write in English."""

from deploy.demo.story import Fix, Person, Photo, Story

ENGLISH = (
    Person(
        6_000_000_013,
        "Emily",
        "Carter",
        "en",
        "Hi, is anyone there?",
        (
            Story(
                (
                    "Hi! I'm a foreign resident in Tashkent. Can I open a USD account with just my passport and registration?",
                ),
                ("Is there a monthly fee for the Visa card?", "Great. Which branch has English-speaking staff?"),
                "Perfect, thank you so much!",
                "site_en",
            ),
            Story(
                (
                    "Hello, my payment on a booking site was declined twice, but the $142 hold is still there",
                    Photo("", "screen"),
                ),
                ("Both attempts were last night, around 11 pm", "OK, and if it's still blocked after that?"),
                "Got it, thanks for explaining",
            ),
        ),
        "emilyc",
    ),
    Person(
        6_000_000_014,
        "Daniel",
        "Park",
        "en",
        "Any update, please?",
        (
            Story(
                ("Hello, I lost my card at the airport about an hour ago. Please block it right away",),
                (
                    "Daniel Park, last four digits 9032",
                    Fix("Daniel Park, last four digits 9023"),
                    "Can I get a replacement before I fly out on Friday?",
                ),
                "Thank you, that was quick",
            ),
            Story(
                ("Good afternoon. What's the fee for an incoming SWIFT transfer from South Korea?",),
                ("And how long does it usually take?",),
                "Thanks, that's all I needed",
            ),
        ),
    ),
)
